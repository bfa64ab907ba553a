/** PS3.4-2013 C.2.2.2.4: * is any characters, ? exactly one; in time proportional to the product of the lengths, whatever the pattern. */
export function wildcard(pattern: string, text: string): boolean {
  const [wanted, characters] = [[...pattern], [...text]];
  let p = 0;
  let star = -1;
  let resume = 0;
  for (let t = 0; t < characters.length; ) {
    if (p < wanted.length && wanted[p] !== '*' && (wanted[p] === '?' || wanted[p] === characters[t])) {
      p += 1;
      t += 1;
    } else if (wanted[p] === '*') {
      star = p;
      resume = t;
      p += 1;
    } else if (star !== -1) {
      resume += 1;
      t = resume;
      p = star + 1;
    } else {
      return false;
    }
  }
  while (wanted[p] === '*') p += 1;
  return p === wanted.length;
}

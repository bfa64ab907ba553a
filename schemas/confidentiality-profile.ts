import type { Tag } from './data-set.ts';

/**
 * What the Basic Application Level Confidentiality Profile does to an attribute (PS3.15-2013 E.1): X removes it, Z empties it, D gives it a dummy value, U another UID; where
 * several are named, the type of the attribute in its IOD decides.
 */
export type ProfileAction = 'X' | 'Z' | 'D' | 'U' | 'X/Z' | 'X/D' | 'Z/D' | 'X/Z/D' | 'X/Z/U*';

/** A row of Table E.1-1; `optional` says that some option of the profile lets it be retained or cleaned instead. */
export interface ProfileRow {
  readonly action: ProfileAction;
  readonly optional: boolean;
}

/** PS3.15-2013 Table E.1-1: tag, action of the basic profile, and whether it always applies; private attributes are removed as well. */
const lines = `
00001000 X optional
00001001 U optional
00020003 U optional
00041511 U optional
00080014 U optional
00080018 U optional
00080020 Z optional
00080021 X/D optional
00080022 X/Z optional
00080023 Z/D optional
00080024 X optional
00080025 X optional
0008002A X/D optional
00080030 Z optional
00080031 X/D optional
00080032 X/Z optional
00080033 Z/D optional
00080034 X optional
00080035 X optional
00080050 Z always
00080058 U optional
00080080 X/Z/D always
00080081 X always
00080082 X/Z/D always
00080090 Z always
00080092 X always
00080094 X always
00080096 X always
0008010D U optional
00080201 X optional
00081010 X/Z/D optional
00081030 X optional
0008103E X optional
00081040 X always
00081048 X always
00081049 X always
00081050 X always
00081052 X always
00081060 X always
00081062 X always
00081070 X/Z/D always
00081072 X/D always
00081080 X optional
00081084 X optional
00081110 X/Z optional
00081111 X/Z/D optional
00081120 X optional
00081140 X/Z/U* optional
00081155 U optional
00081195 U optional
00082111 X optional
00082112 X/Z/U* optional
00083010 U optional
00084000 X optional
00089123 U optional
00100010 Z always
00100020 Z always
00100021 X always
00100030 Z always
00100032 X always
00100040 Z optional
00100050 X always
00100101 X always
00100102 X always
00101000 X always
00101001 X always
00101002 X always
00101005 X always
00101010 X optional
00101020 X optional
00101030 X optional
00101040 X always
00101050 X always
00101060 X always
00101080 X always
00101081 X always
00101090 X always
00102000 X optional
00102110 X optional
00102150 X always
00102152 X always
00102154 X always
00102160 X optional
00102180 X optional
001021A0 X optional
001021B0 X optional
001021C0 X optional
001021D0 X optional
001021F0 X always
00102203 X/Z optional
00102297 X always
00102299 X always
00104000 X optional
00180010 Z/D optional
00181000 X/Z/D optional
00181002 U optional
00181004 X optional
00181005 X optional
00181007 X optional
00181008 X optional
00181030 X/D optional
00181400 X/D optional
00184000 X optional
0018700A X/D optional
00189424 X optional
0018A003 X optional
0020000D U optional
0020000E U optional
00200010 Z always
00200052 U optional
00200200 U optional
00203401 X always
00203404 X always
00203406 X always
00204000 X optional
00209158 X optional
00209161 U optional
00209164 U optional
00281199 U optional
00281214 U optional
00284000 X always
00320012 X always
00321020 X optional
00321021 X optional
00321030 X optional
00321032 X always
00321033 X always
00321060 X/Z optional
00321070 X optional
00324000 X optional
00380004 X always
00380010 X always
00380011 X always
0038001E X always
00380020 X optional
00380021 X optional
00380040 X optional
00380050 X optional
00380060 X always
00380061 X always
00380062 X optional
00380300 X always
00380400 X always
00380500 X optional
00384000 X optional
00400001 X optional
00400002 X optional
00400003 X optional
00400004 X optional
00400005 X optional
00400006 X always
00400007 X optional
0040000B X always
00400010 X optional
00400011 X optional
00400012 X optional
00400241 X optional
00400242 X optional
00400243 X always
00400244 X optional
00400245 X optional
00400250 X optional
00400251 X optional
00400253 X always
00400254 X optional
00400275 X optional
00400280 X optional
00400555 X optional
00401001 X always
00401004 X always
00401005 X always
00401010 X always
00401011 X always
00401101 D always
00401102 X always
00401103 X always
00401400 X optional
00402001 X optional
00402008 X always
00402009 X always
00402010 X always
00402016 Z always
00402017 Z always
00402400 X optional
00403001 X always
00404023 U optional
00404025 X optional
00404027 X optional
00404028 X optional
00404030 X optional
00404034 X always
00404035 X always
00404036 X always
00404037 X always
0040A027 X always
0040A073 D always
0040A075 D always
0040A078 X always
0040A07A X always
0040A07C X always
0040A088 Z always
0040A123 D always
0040A124 U always
0040A730 X optional
0040DB0C U optional
0040DB0D U optional
00700001 D optional
00700084 Z always
00700086 X always
0070031A U optional
00880140 U optional
00880200 X always
00880904 X always
00880906 X always
00880910 X always
00880912 X always
04000100 X always
04000402 X always
04000403 X always
04000404 X always
04000550 X always
04000561 X always
20300020 X always
30060024 U optional
300600C2 U optional
300A0013 U optional
300E0008 X/Z always
40000010 X always
40004000 X always
40080042 X always
40080102 X always
4008010A X always
4008010B X optional
4008010C X always
40080111 X always
40080114 X always
40080115 X optional
40080118 X always
40080119 X always
4008011A X always
40080202 X always
40080300 X optional
40084000 X optional
50xxxxxx X optional
60xx3000 X optional
60xx4000 X optional
FFFAFFFA X always
FFFCFFFC X always
`;

const rows = new Map<string, ProfileRow>(
  lines
    .trim()
    .split('\n')
    .map(line => line.split(' '))
    .map(([tag = '', action = 'X', when]) => [tag, { action: action as ProfileAction, optional: when === 'optional' }]),
);
const patterns = [...rows]
  .filter(([tag]) => tag.includes('x'))
  .map(([tag, row]) => [new RegExp(`^${tag.replaceAll('x', '.')}$`), row] as const);

/** The row of Table E.1-1 for an attribute; undefined for attributes that the basic profile leaves alone. */
export function profileRow(tag: Tag): ProfileRow | undefined {
  return rows.get(tag) ?? patterns.find(([pattern]) => pattern.test(tag))?.[1];
}

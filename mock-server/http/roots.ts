/** The paths of the services of the mock server, by the name of the endpoint. */
export const roots = { rs: '/dicom-web', 'wado-uri': '/wado', 'wado-ws': '/wado-ws' } as const;

/** The URLs of the services, by the name of the endpoint. */
export type Endpoints = Readonly<Record<keyof typeof roots, string>>;

/** Where the services of a mock server are below an origin. */
export function endpointsAt(origin: string): Endpoints {
  return Object.fromEntries(Object.entries(roots).map(([name, root]) => [name, origin + root])) as Endpoints;
}

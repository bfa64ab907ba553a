/** The paths of the services of the mock server, by the name of the endpoint. */
export const roots = { rs: '/dicom-web', 'wado-uri': '/wado', 'wado-ws': '/wado-ws' } as const;

import jsonModel from '../../schemas/json/dicom-json-model.json' with { type: 'json' };
import { isRequirementId } from '../../schemas/requirements.ts';
import { nativeDicomModelXsd } from '../../schemas/xsd/native-dicom-model.ts';
import { type Defect, Unreadable } from './read/defect.ts';

type Validator<T> = (document: T) => readonly Defect[];

/** A validator of the DICOM JSON Model by its JSON Schema: a second reading, made by nobody here. The `$comment` of a part of the schema names the requirement. */
async function makeJsonValidator(): Promise<Validator<unknown>> {
  const [{ Ajv2020 }, { default: formats }] = await Promise.all([import('ajv/dist/2020.js'), import('ajv-formats')]);
  const ajv = new Ajv2020({ allErrors: true, verbose: true, strictTypes: false, strictRequired: false, validateSchema: false });
  formats.default(ajv, ['uri-reference']);
  const valid = ajv.compile(jsonModel);
  return document => {
    if (valid(document)) return [];
    return (valid.errors ?? []).flatMap(({ instancePath, propertyName, message, parentSchema }): readonly Defect[] => {
      const row: unknown = parentSchema?.$comment;
      if (typeof row !== 'string' || !isRequirementId(row)) return [];
      const where = propertyName === undefined ? instancePath : `the name ${propertyName} in ${instancePath || 'it'}`;
      return [{ row, what: `${where || 'the text'} ${message}` }];
    });
  };
}

/** A validator of Native DICOM Model documents by the XML Schema of PS3.19-2013 A.1.6. */
async function makeXmlValidator(): Promise<Validator<Uint8Array>> {
  const { XmlDocument, XmlLibError, XsdValidator } = await import('libxml2-wasm');
  const schema = XmlDocument.fromString(nativeDicomModelXsd);
  const validator = XsdValidator.fromDoc(schema);
  const parsed = (bytes: Uint8Array) => {
    try {
      return XmlDocument.fromBuffer(bytes);
    } catch (error) {
      throw error instanceof XmlLibError ? new Unreadable(error.message.trim()) : error;
    }
  };
  return bytes => {
    const document = parsed(bytes);
    try {
      validator.validate(document);
      return [];
    } catch (error) {
      if (!(error instanceof XmlLibError)) throw error;
      return error.details.map(({ message }) => ({ row: 'MODEL-XML-A.1.6-01', what: withoutNamespace(message) }));
    } finally {
      document.dispose();
    }
  };
}

const withoutNamespace = (message: string): string => message.replaceAll(/\{http:[^}]*\}/g, '').trim();

let json: Promise<Validator<unknown>> | undefined;
let xml: Promise<Validator<Uint8Array>> | undefined;

/** Validates a parsed JSON text against the schema of the DICOM JSON Model. The library is loaded when it is first needed. */
export async function jsonSchemaDefects(document: unknown): Promise<readonly Defect[]> {
  json ??= makeJsonValidator();
  return (await json)(document);
}

/** Validates a document against the schema of the Native DICOM Model; Unreadable when it is no well-formed XML. The library is loaded when it is first needed. */
export async function xmlSchemaDefects(document: Uint8Array): Promise<readonly Defect[]> {
  xml ??= makeXmlValidator();
  return (await xml)(document);
}

import { generateKeyPairSync, randomBytes, sign } from "node:crypto";

/** A certificate and its key, as Node's TLS servers take them. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

const DAY = 86_400_000;

/**
 * Makes a certificate for `localhost` that lasts two days and has signed itself. No machine trusts it: a browser has to be
 * started so that it ignores the error. MSAL makes DPoP proofs for https URLs alone.
 */
export function loopbackCertificate(): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const now = Date.now();
  const name = sequence(set(sequence(COMMON_NAME, tagged(0x0c, Buffer.from("localhost")))));
  const alternativeNames = sequence(
    tagged(0x82, Buffer.from("localhost")),
    tagged(0x87, Buffer.from([127, 0, 0, 1])),
  );
  const certified = sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    sequence(ECDSA_WITH_SHA256),
    name,
    sequence(time(now - DAY), time(now + DAY)),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    tagged(0xa3, sequence(sequence(SUBJECT_ALTERNATIVE_NAME, tagged(0x04, alternativeNames)))),
  );
  const signature = sign("sha256", certified, privateKey);
  const der = sequence(
    certified,
    sequence(ECDSA_WITH_SHA256),
    tagged(0x03, Buffer.concat([Buffer.from([0]), signature])),
  );
  const lines = der.toString("base64").replace(/.{64}/g, "$&\n");
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

/** A value of ASN.1 in its distinguished encoding. @see https://www.itu.int/rec/T-REC-X.690 */
function tagged(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...parts: Buffer[]): Buffer => tagged(0x30, Buffer.concat(parts));
const set = (...parts: Buffer[]): Buffer => tagged(0x31, Buffer.concat(parts));
const integer = (bytes: Buffer): Buffer => tagged(0x02, bytes);
const oid = (hex: string): Buffer => tagged(0x06, Buffer.from(hex, "hex"));
/** `YYMMDDHHMMSSZ`. */
const time = (milliseconds: number): Buffer =>
  tagged(
    0x17,
    Buffer.from(
      `${new Date(milliseconds)
        .toISOString()
        .replace(/[-:T]|\..*/g, "")
        .slice(2)}Z`,
    ),
  );

const COMMON_NAME = oid("550403");
const ECDSA_WITH_SHA256 = oid("2a8648ce3d040302");
const SUBJECT_ALTERNATIVE_NAME = oid("551d11");

import { createPublicKey, hkdfSync, type KeyObject } from "node:crypto";

import { calculateJwkThumbprint, CompactSign, compactVerify, GeneralEncrypt } from "jose";

import { UserError } from "../../errors";
import type { Manifest } from "./manifest";

/** Signature of manifests: ECDSA on P-256, which every library of JOSE has. */
const SIGNATURE = "ES256";
/** A content key of its own for each file, wrapped for each recipient by an ephemeral Diffie-Hellman key. */
const KEY_WRAP = "ECDH-ES+A256KW";
const CONTENT = "A256GCM";

/** Who can read a service's secrets. */
export interface Recipient {
  /** Thumbprint of the key (RFC 7638). */
  id: string;
  key: KeyObject;
}

export async function recipientOf(publicKey: KeyObject): Promise<Recipient> {
  requireP256(publicKey, "a recipient's key");
  return { id: await calculateJwkThumbprint(publicKey.export({ format: "jwk" })), key: publicKey };
}

/** Encrypts a file for all recipients, as JWE in JSON; the publisher itself cannot decrypt it again. */
export async function sealFile(content: string, recipients: readonly Recipient[]): Promise<string> {
  if (recipients.length === 0) throw new UserError("A secret file needs at least one recipient's public key.");
  const encrypt = new GeneralEncrypt(Buffer.from(content)).setProtectedHeader({ enc: CONTENT });
  for (const { id, key } of recipients) {
    encrypt.addRecipient(key).setUnprotectedHeader({ alg: KEY_WRAP, kid: id });
  }
  return JSON.stringify(await encrypt.encrypt());
}

/** Signs a manifest (JWS): nodes take nothing from the store that the publisher's key has not vouched for. */
export async function signManifest(manifest: Manifest, privateKey: KeyObject): Promise<string> {
  return new CompactSign(Buffer.from(JSON.stringify(manifest))).setProtectedHeader({ alg: SIGNATURE }).sign(privateKey);
}

/** The manifest that a publisher has signed; throws where the signature is not that key's. */
export async function verifyManifest(signed: string, publicKey: KeyObject, version: string): Promise<Manifest> {
  const { payload } = await compactVerify(signed, publicKey, { algorithms: [SIGNATURE] }).catch(() => {
    throw new UserError(
      `The manifest of version ${version} is not signed by the publisher's key that was given. ` +
        "Give the key that published it, or publish the files anew.",
    );
  });
  return asManifest(Buffer.from(payload), version);
}

/** A manifest whose signature nobody has checked: enough to list what is there, never to take files from it. */
export function readManifest(signed: string, version: string): Manifest {
  return asManifest(Buffer.from(signed.split(".")[1] ?? "", "base64url"), version);
}

function asManifest(payload: Buffer, version: string): Manifest {
  try {
    const manifest = JSON.parse(payload.toString()) as Manifest;
    if (manifest.format === 1 && manifest.version === version) return manifest;
  } catch {
    // It is said below.
  }
  throw new UserError(`The manifest of version ${version} cannot be read. Publish the files anew.`);
}

/** The public half of a publisher's key. */
export function publicHalf(privateKey: KeyObject): KeyObject {
  requireP256(privateKey, "the publisher's key");
  return createPublicKey(privateKey);
}

/** The key of the hashes that name versions and files, which the publisher's key alone gives. */
export function macKeyOf(privateKey: KeyObject): Uint8Array {
  const secret = Buffer.from(privateKey.export({ format: "jwk" }).d ?? "", "base64url");
  return new Uint8Array(hkdfSync("sha256", secret, "", "openstack-fabric configuration version", 32));
}

function requireP256(key: KeyObject, what: string): void {
  if (key.asymmetricKeyType === "ec" && key.asymmetricKeyDetails?.namedCurve === "prime256v1") return;
  throw new UserError(
    `${what} must be an elliptic-curve key on P-256, got ${key.asymmetricKeyType ?? "a symmetric key"}. ` +
      "Make one with `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256`.",
  );
}

// Certificates for servers and clients on 127.0.0.1. openssl makes them for each run of the tests, so that none expires.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";

const folder = mkdtempSync(join(tmpdir(), "socketio-wasm-certificates-"));
after(() => rmSync(folder, { recursive: true }));

const file = (name) => join(folder, name);
function openssl(...parameters) {
  try {
    execFileSync("openssl", parameters, { stdio: "pipe" });
  } catch (error) {
    throw error.code === "ENOENT" ? new Error("openssl is not installed: run scripts/setup.sh") : error;
  }
}
const KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

/** Makes an authority and returns the file of its certificate. */
function authority(name) {
  openssl("req", "-x509", ...KEY, "-keyout", file(`${name}.key`), "-out", file(`${name}.pem`), "-subj", `/CN=${name}`, "-days", "1");
  return file(`${name}.pem`);
}

/** Makes a certificate that an authority signs, and returns its file and that of its key. */
function signed(name, by, hosts, days = 1) {
  const [request, key, cert] = ["csr", "key", "pem"].map((ending) => file(`${name}.${ending}`));
  openssl("req", "-new", ...KEY, "-keyout", key, "-out", request, "-subj", `/CN=${name}`, "-addext", `subjectAltName=${hosts}`);
  const signer = ["-CA", file(`${by}.pem`), "-CAkey", file(`${by}.key`), "-CAcreateserial"];
  openssl("x509", "-req", "-in", request, ...signer, "-days", String(days), "-copy_extensions", "copy", "-out", cert);
  return { cert, key };
}

export const ca = authority("ca");
export const otherCa = authority("other-ca");
export const server = signed("server", "ca", "IP:127.0.0.1,DNS:localhost");
export const elsewhere = signed("elsewhere", "ca", "DNS:elsewhere.example");
export const expired = signed("expired", "ca", "IP:127.0.0.1", -1);
export const client = signed("client", "ca", "DNS:client");
export const stranger = signed("stranger", "other-ca", "DNS:stranger");

/** The client's key, encrypted; and the certificate with its key in one file. */
export const passphrase = "open sesame";
export const encryptedKey = file("client-encrypted.key");
openssl("pkey", "-in", client.key, "-aes256", "-passout", `pass:${passphrase}`, "-out", encryptedKey);
export const pfx = file("client.pfx");
openssl("pkcs12", "-export", "-in", client.cert, "-inkey", client.key, "-passout", `pass:${passphrase}`, "-out", pfx);

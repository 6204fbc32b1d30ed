//! A device that makes passkeys and signs with them, as browsers hand on what it says (ES256, no attestation).

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{
    digest::{SHA256, digest},
    rand::{SecureRandom as _, SystemRandom},
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use serde_json::{Value, json};

/// The origin of pages in a shop without `--origin`.
pub const ORIGIN: &str = "http://localhost:8080";

/// Flags of the authenticator's data: somebody was there, and it was them.
const PRESENT_AND_VERIFIED: u8 = 0x05;
/// A public key follows.
const WITH_KEY: u8 = 0x40;

/// A device with its passkeys.
pub struct Authenticator {
    /// Where the browser says that the page is from.
    pub origin: String,
    /// How often it has signed; 0 where it does not count, as most do not.
    pub counter: u32,
    /// Whether it has looked who is there.
    pub verifies: bool,
    /// What it says of whose passkey it is, where that is not the truth.
    pub user: Option<String>,
    keys: Vec<Key>,
}

struct Key {
    id: Vec<u8>,
    user: String,
    pair: EcdsaKeyPair,
}

impl Authenticator {
    /// An empty one.
    pub fn new() -> Self {
        Self { origin: ORIGIN.to_owned(), counter: 0, verifies: true, user: None, keys: Vec::new() }
    }

    /// Makes a passkey: what `navigator.credentials.create` would give.
    pub fn make(&mut self, options: &Value) -> Value {
        let mut id = vec![0; 32];
        SystemRandom::new().fill(&mut id).unwrap();
        self.make_named(options, id)
    }

    /// The same with a name that it had before.
    pub fn make_again(&mut self, options: &Value) -> Value {
        let id = self.keys.last().unwrap().id.clone();
        self.make_named(options, id)
    }

    fn make_named(&mut self, options: &Value, id: Vec<u8>) -> Value {
        let selection = &options["authenticatorSelection"];
        assert_eq!(
            (&selection["residentKey"], &selection["requireResidentKey"], &selection["userVerification"]),
            (&json!("required"), &json!(true), &json!("required"))
        );
        assert!(options["pubKeyCredParams"].as_array().unwrap().iter().any(|known| known["alg"] == -7));
        let random = SystemRandom::new();
        let algorithm = &ECDSA_P256_SHA256_ASN1_SIGNING;
        let document = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random).unwrap();
        let point = pair.public_key().as_ref();
        let (x, y) = point[1..].split_at(32);
        // COSE: an elliptic curve key for ES256 on P-256.
        let cose = [&[0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32], x, &[0x22, 0x58, 32], y].concat();
        let length = u16::try_from(id.len()).unwrap().to_be_bytes();
        let described = [&[0; 16], &length[..], &id, &cose].concat();
        let data = [self.data(&options["rp"]["id"], WITH_KEY), described].concat();
        let size = u16::try_from(data.len()).unwrap().to_be_bytes();
        let object = [&b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59"[..], &size, &data].concat();
        let client = self.client("webauthn.create", &options["challenge"]);
        let name = URL_SAFE_NO_PAD.encode(&id);
        self.keys.push(Key { id, user: options["user"]["id"].as_str().unwrap().to_owned(), pair });
        json!({
            "id": name, "rawId": name, "type": "public-key", "authenticatorAttachment": "platform",
            "clientExtensionResults": { "credProps": { "rk": true } },
            "response": {
                "attestationObject": URL_SAFE_NO_PAD.encode(object), "clientDataJSON": URL_SAFE_NO_PAD.encode(client),
                "transports": ["internal", "smart-card"],
            },
        })
    }

    /// Signs with the newest passkey: what `navigator.credentials.get` would give.
    pub fn sign(&mut self, options: &Value) -> Value {
        assert_eq!(options["userVerification"], "required");
        assert!(options["allowCredentials"].as_array().is_none_or(Vec::is_empty), "any passkey of the shop");
        if self.counter > 0 {
            self.counter += 1;
        }
        let key = self.keys.last().unwrap();
        let data = self.data(&options["rpId"], 0);
        let client = self.client("webauthn.get", &options["challenge"]);
        let signed = [&data, digest(&SHA256, client.as_bytes()).as_ref()].concat();
        let signature = key.pair.sign(&SystemRandom::new(), &signed).unwrap();
        let name = URL_SAFE_NO_PAD.encode(&key.id);
        json!({
            "id": name, "rawId": name, "type": "public-key", "clientExtensionResults": {},
            "response": {
                "authenticatorData": URL_SAFE_NO_PAD.encode(data), "clientDataJSON": URL_SAFE_NO_PAD.encode(client),
                "signature": URL_SAFE_NO_PAD.encode(signature), "userHandle": self.user.as_ref().unwrap_or(&key.user),
            },
        })
    }

    fn data(&self, party: &Value, more: u8) -> Vec<u8> {
        let hash = digest(&SHA256, party.as_str().unwrap().as_bytes());
        let flags = if self.verifies { PRESENT_AND_VERIFIED } else { 1 } | more;
        [hash.as_ref(), &[flags], &self.counter.to_be_bytes()].concat()
    }

    fn client(&self, kind: &str, challenge: &Value) -> String {
        json!({ "type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false })
            .to_string()
    }
}

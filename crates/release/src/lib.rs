//! What a release is: pack, scope styles, hash, verify. No network.

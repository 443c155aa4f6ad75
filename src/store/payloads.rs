//! Payloads: once each, by content hash, compressed.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use rusqlite::{Connection, OptionalExtension, params};

use super::{Store, StoreError, StoreResult};
use crate::ids::sha256_hex;

/// The largest payload that is unpacked, in bytes.
const MAX_UNPACKED: u64 = 256 << 20;

pub(super) fn pack(bytes: &[u8]) -> StoreResult<Vec<u8>> {
    let mut encoder = ZlibEncoder::new(Vec::with_capacity(bytes.len() / 2), Compression::fast());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).map_err(|error| StoreError::Corrupt(error.to_string()))
}

pub(super) fn unpack(packed: &[u8]) -> StoreResult<Vec<u8>> {
    let mut bytes = Vec::new();
    ZlibDecoder::new(packed)
        .take(MAX_UNPACKED)
        .read_to_end(&mut bytes)
        .map_err(|error| StoreError::Corrupt(error.to_string()))?;
    Ok(bytes)
}

/// Stores bytes (secrets replaced already) and gives their hash; the same bytes again add nothing.
pub(super) fn put(connection: &Connection, bytes: &[u8]) -> StoreResult<String> {
    let hash = sha256_hex(bytes);
    let known = connection
        .prepare_cached("SELECT 1 FROM payload WHERE hash = ?1")?
        .query_row([&hash], |_| Ok(()))
        .optional()?
        .is_some();
    if !known {
        connection.prepare_cached("INSERT INTO payload (hash, size, bytes) VALUES (?1, ?2, ?3)")?.execute(params![
            hash,
            bytes.len() as i64,
            pack(bytes)?
        ])?;
    }
    Ok(hash)
}

impl Store {
    /// The bytes of that hash.
    pub fn payload(&self, hash: &str) -> StoreResult<Option<Vec<u8>>> {
        let packed: Option<Vec<u8>> = self
            .connection
            .query_row("SELECT bytes FROM payload WHERE hash = ?1", [hash], |row| row.get(0))
            .optional()?;
        packed.map(|packed| unpack(&packed)).transpose()
    }
}

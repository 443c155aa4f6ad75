//! Streams that inflate to far more than any page holds. Readers inflate them whole; to find them
//! first costs a few kilobytes a stream.

use std::io::Read;

/// The most that one stream may inflate to, in bytes, if it was packed as densely as a bomb is.
const MAX_STREAM: u64 = 128 << 20;
/// How much of a stream is inflated to see how dense it is, in packed bytes.
const SAMPLE: usize = 32 << 10;
/// Text packs ten to one, drawings fifty to one; the densest that deflate can is 1,032 to one.
const DENSE: u64 = 300;

/// Whether a PDF holds a stream that is a bomb.
pub fn holds_bomb(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    while let Some(at) = find(rest, b"stream") {
        let data = &rest[at + 6..];
        rest = data;
        let data = data.strip_prefix(b"\r\n").or_else(|| data.strip_prefix(b"\n")).unwrap_or(data);
        // The zlib header: deflate with a window of 32 KiB or less.
        let packed = data.first().is_some_and(|first| first & 0x0f == 8 && first >> 4 <= 7);
        if packed && is_dense(&data[..data.len().min(SAMPLE)]) && inflates_beyond(data, MAX_STREAM) {
            return true;
        }
    }
    false
}

fn is_dense(sample: &[u8]) -> bool {
    inflates_beyond(sample, sample.len() as u64 * DENSE)
}

/// Whether what can be inflated of the data is more than `limit` bytes.
fn inflates_beyond(data: &[u8], limit: u64) -> bool {
    let mut reader = flate2::read::ZlibDecoder::new(data).take(limit + 1);
    let mut buffer = vec![0_u8; 64 << 10];
    let mut total = 0_u64;
    loop {
        match reader.read(&mut buffer) {
            Ok(0) | Err(_) => return total > limit,
            Ok(count) => total += count as u64,
        }
    }
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn pdf(stream: &[u8]) -> Vec<u8> {
        let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        packer.write_all(stream).unwrap();
        let packed = packer.finish().unwrap();
        [b"%PDF-1.4\n1 0 obj<<>>stream\r\n".as_slice(), &packed, b"\nendstream"].concat()
    }

    #[test]
    fn bombs_are_told_from_blank_pictures_and_text() {
        assert!(holds_bomb(&pdf(&vec![0; (MAX_STREAM + 1) as usize])));
        assert!(!holds_bomb(&pdf(&vec![255; 20 << 20])));
        assert!(!holds_bomb(&pdf("BT (We met and talked) Tj ET ".repeat(50_000).as_bytes())));
    }
}

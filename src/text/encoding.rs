//! Bytes to text.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// A file's text and how it was read.
pub struct Decoded {
    pub text: String,
    /// The encoding's name (WHATWG).
    pub encoding: &'static str,
    /// Whether bytes that the encoding has no character for were replaced.
    pub lossy: bool,
}

/// Decodes by byte order mark, then as UTF-8, then UTF-16 by its zero bytes, then by detection.
/// A file that is UTF-8 but for some lines (exports joined by hand) is read line by line. A mark is
/// removed.
pub fn decode(bytes: &[u8]) -> Decoded {
    if let Some((encoding, skip)) = Encoding::for_bom(bytes) {
        return with(encoding, &bytes[skip..]);
    }
    if let Some(encoding) = utf16_by_zeros(bytes) {
        return with(encoding, bytes);
    }
    if std::str::from_utf8(bytes).is_ok() {
        return with(UTF_8, bytes);
    }
    if mostly_utf8(bytes) {
        return by_lines(bytes);
    }
    with(guess(bytes), bytes)
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    detector.guess(None, chardetng::Utf8Detection::Allow)
}

/// Whether most of what is not ASCII is good UTF-8, which happens in no other encoding by chance.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > 2 * bad
}

/// Lines that are no UTF-8 are read in the encoding that they together show.
fn by_lines(bytes: &[u8]) -> Decoded {
    let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| matches!(byte, b'\n' | b'\r')).collect();
    let others: Vec<u8> =
        lines.iter().filter(|line| std::str::from_utf8(line).is_err()).copied().flatten().copied().collect();
    let other = guess(&others);
    let mut decoded = Decoded { text: String::with_capacity(bytes.len()), encoding: UTF_8.name(), lossy: false };
    for line in lines {
        match std::str::from_utf8(line) {
            Ok(line) => decoded.text.push_str(line),
            Err(_) => {
                let part = with(other, line);
                decoded.text.push_str(&part.text);
                decoded.lossy |= part.lossy;
            }
        }
    }
    decoded
}

fn with(encoding: &'static Encoding, bytes: &[u8]) -> Decoded {
    let (text, lossy) = encoding.decode_without_bom_handling(bytes);
    Decoded { text: text.into_owned(), encoding: encoding.name(), lossy }
}

fn utf16_by_zeros(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(4096)];
    if head.len() < 8 {
        return None;
    }
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd, half) = (zeros(0), zeros(1), head.len() / 2);
    // Text of other scripts has few zero bytes, but all on one side; no other text has any.
    if (odd * 10 > half * 7 && even * 10 < half) || (odd >= 8 && even == 0) {
        Some(UTF_16LE)
    } else if (even * 10 > half * 7 && odd * 10 < half) || (even >= 8 && odd == 0) {
        Some(UTF_16BE)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings() {
        assert_eq!(decode(b"\xEF\xBB\xBFab").text, "ab");
        assert_eq!(
            decode("TY  - JOUR\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>().as_slice()).text,
            "TY  - JOUR\r\n"
        );
        let chinese = "TY  - JOUR\nTI  - 社区行动与健康福祉的系统综述"
            .encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect::<Vec<_>>();
        assert!(decode(&chinese).text.ends_with("系统综述"));
        assert_eq!(
            decode(b"TI  - \xc9\xe7\xc7\xf8\xd0\xd0\xb6\xaf\xd3\xeb\xbd\xa1\xbf\xb5").text,
            "TI  - 社区行动与健康"
        );
        let joined =
            [&"Universit\u{e9} de Gen\u{e8}ve, \u{fc}ber\n".repeat(3).into_bytes()[..], b"Caf\xe9 M\xfcller\n"]
                .concat();
        let joined = decode(&joined);
        assert!(joined.text.starts_with("Université") && joined.text.ends_with("Café Müller\n") && !joined.lossy);
        assert_eq!(decode(b"Universit\xe9 de Gen\xe8ve").text, "Université de Genève");
    }
}

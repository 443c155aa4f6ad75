//! A PDF with a text layer: Helvetica, one column, Latin letters (PDF 1.4, WinAnsiEncoding).

/// Characters a line and lines a page, of 11 point on A4.
const LINE: usize = 88;
const PAGE: usize = 52;

/// A document of a title and titled sections. Letters that the encoding lacks are written plainly.
pub fn write(title: &str, sections: &[(String, String)]) -> Vec<u8> {
    let mut lines = wrapped(title);
    for (heading, text) in sections {
        lines.push(String::new());
        if !heading.is_empty() {
            lines.extend(wrapped(heading));
            lines.push(String::new());
        }
        lines.extend(wrapped(text));
    }
    let pages: Vec<&[String]> = lines.chunks(PAGE).collect();
    let mut objects: Vec<Vec<u8>> = Vec::new();
    // 1 catalogue, 2 page tree, 3 font, 4 information, then a page and its content in turn.
    let kids: Vec<String> = (0..pages.len()).map(|at| format!("{} 0 R", 5 + 2 * at)).collect();
    objects.push(b"<< /Type /Catalog /Pages 2 0 R >>".to_vec());
    objects.push(format!("<< /Type /Pages /Count {} /Kids [{}] >>", pages.len(), kids.join(" ")).into_bytes());
    objects.push(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_vec());
    objects.push([b"<< /Title (".as_slice(), &literal(title), b") >>"].concat());
    for (at, page) in pages.iter().enumerate() {
        let content = content(page);
        objects.push(
            format!(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {} 0 R \
                 /Resources << /Font << /F1 3 0 R >> >> >>",
                6 + 2 * at
            )
            .into_bytes(),
        );
        let head = format!("<< /Length {} >>\nstream\n", content.len());
        objects.push([head.as_bytes(), &content, b"\nendstream"].concat());
    }
    assemble(&objects)
}

fn assemble(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut out = b"%PDF-1.4\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let mut offsets = Vec::new();
    for (at, object) in objects.iter().enumerate() {
        offsets.push(out.len());
        out.extend_from_slice(format!("{} 0 obj\n", at + 1).as_bytes());
        out.extend_from_slice(object);
        out.extend_from_slice(b"\nendobj\n");
    }
    let table = out.len();
    out.extend_from_slice(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).as_bytes());
    for offset in offsets {
        out.extend_from_slice(format!("{offset:010} 00000 n \n").as_bytes());
    }
    let trailer =
        format!("trailer\n<< /Size {} /Root 1 0 R /Info 4 0 R >>\nstartxref\n{table}\n%%EOF\n", objects.len() + 1);
    out.extend_from_slice(trailer.as_bytes());
    out
}

fn content(lines: &[String]) -> Vec<u8> {
    let mut out = b"BT /F1 11 Tf 14 TL 56 786 Td\n".to_vec();
    for line in lines {
        out.push(b'(');
        out.extend_from_slice(&literal(line));
        // Shown and moved on in two steps: not every reader knows the operator that does both.
        out.extend_from_slice(b") Tj T*\n");
    }
    out.extend_from_slice(b"ET");
    out
}

/// A string's bytes in Windows-1252, escaped.
fn literal(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    for letter in text.chars() {
        let mut buffer = [0; 4];
        let (bytes, _, unknown) = encoding_rs::WINDOWS_1252.encode(letter.encode_utf8(&mut buffer));
        let plain;
        let bytes: &[u8] = if unknown {
            plain = deunicode::deunicode_char(letter).unwrap_or("?");
            plain.as_bytes()
        } else {
            &bytes
        };
        for byte in bytes {
            if matches!(byte, b'(' | b')' | b'\\') {
                out.push(b'\\');
            }
            out.push(*byte);
        }
    }
    out
}

fn wrapped(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > LINE {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cross_reference_points_at_its_objects() {
        let bytes = write("Caf\u{e9} (a \u{105} test)", &[("Part".into(), "word ".repeat(2_000))]);
        let tail = |from: usize| String::from_utf8_lossy(&bytes[from..]).into_owned();
        let table: usize = tail(0).rsplit("startxref\n").next().unwrap().lines().next().unwrap().parse().unwrap();
        let table_text = tail(table);
        let entries: Vec<&str> = table_text.lines().skip(3).take_while(|line| line.ends_with(" n ")).collect();
        assert!(entries.len() > 8, "{}", entries.len());
        for (at, entry) in entries.iter().enumerate() {
            let offset: usize = entry[..10].parse().unwrap();
            assert!(tail(offset).starts_with(&format!("{} 0 obj", at + 1)));
        }
        assert!(bytes.windows(16).any(|window| window == b"(Caf\xe9 \\(a a test"));
    }
}

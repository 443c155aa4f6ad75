//! A page of a website.

use super::escaped;

/// A page with its metadata, its sections, and more markup for its end (links, say).
pub fn write(title: &str, meta: &[(&str, String)], sections: &[(String, String)], end: &str) -> String {
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>{}</title>\n",
        escaped(title)
    );
    for (name, content) in meta {
        let attribute = if name.contains(':') { "property" } else { "name" };
        out.push_str(&format!("<meta {attribute}=\"{}\" content=\"{}\">\n", escaped(name), escaped(content)));
    }
    out.push_str(
        "</head>\n<body>\n<nav><a href=\"/\">Home</a> <a href=\"/about\">About</a></nav>\n<main>\n<article>\n",
    );
    out.push_str(&format!("<h1>{}</h1>\n", escaped(title)));
    for (heading, text) in sections {
        if !heading.is_empty() {
            out.push_str(&format!("<h2>{}</h2>\n", escaped(heading)));
        }
        out.push_str(&format!("<p>{}</p>\n", escaped(text)));
    }
    out.push_str("</article>\n");
    out.push_str(end);
    out.push_str("</main>\n<footer><p>All of this is invented, for a demonstration.</p></footer>\n</body>\n</html>\n");
    out
}

//! robots.txt after RFC 9309. Pure: text in, rules out.

use std::time::Duration;

/// The name that a robots.txt addresses us by.
pub const PRODUCT: &str = "gleaner";
/// How much of a robots.txt is read; the RFC wants at least 500 KiB.
pub const MAX_BYTES: usize = 512 << 10;
/// The longest `Crawl-delay` that is kept. It is no part of the RFC, but many sites write one.
pub const LONGEST_DELAY: Duration = Duration::from_secs(10);

/// What a robots.txt says to one product.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// (allowed, pattern), patterns normalised.
    rules: Vec<(bool, String)>,
    /// The delay between two requests, capped.
    pub delay: Option<Duration>,
}

impl Rules {
    /// Reads the rules for a product: those of every group that names it, else of every group for `*`.
    pub fn read(text: &str, product: &str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let product = product.to_ascii_lowercase();
        let (mut own, mut general) = (Self::default(), Self::default());
        let mut own_named = false;
        let (mut for_own, mut for_general, mut in_head) = (false, false, false);
        for line in text.split(['\n', '\r']) {
            let line = line.split('#').next().unwrap_or_default();
            let Some((key, value)) = line.split_once(':') else { continue };
            let (key, value) = (key.trim().to_ascii_lowercase(), value.trim());
            if matches!(key.as_str(), "user-agent" | "useragent" | "user agent") {
                if !in_head {
                    (for_own, for_general, in_head) = (false, false, true);
                }
                let name: String =
                    value.chars().take_while(|c| c.is_ascii_alphabetic() || matches!(c, '-' | '_')).collect();
                for_general |= value.starts_with('*');
                for_own |= name.eq_ignore_ascii_case(&product);
                own_named |= for_own;
                continue;
            }
            // Other lines (Sitemap, Host …) neither end a group nor belong to it.
            let rule = matches!(key.as_str(), "allow" | "disallow");
            if !rule && key != "crawl-delay" {
                continue;
            }
            in_head = false;
            for (wanted, rules) in [(for_own, &mut own), (for_general, &mut general)] {
                if !wanted {
                    continue;
                }
                if rule {
                    if !value.is_empty() {
                        rules.rules.push((key == "allow", normal(value)));
                    }
                } else if let Some(seconds) = value.parse::<f64>().ok().filter(|seconds| *seconds > 0.0) {
                    rules.delay = Some(Duration::from_secs_f64(seconds.min(LONGEST_DELAY.as_secs_f64())));
                }
            }
        }
        if own_named { own } else { general }
    }

    /// Whether a path (with its query) may be fetched: the longest matching pattern wins, `allow` on a tie.
    pub fn allow(&self, path: &str) -> bool {
        let path = normal(path);
        if path == "/robots.txt" {
            return true;
        }
        let longest = self
            .rules
            .iter()
            .filter(|(_, pattern)| matches(pattern, &path))
            .max_by_key(|(allowed, pattern)| (pattern.len(), *allowed));
        longest.is_none_or(|(allowed, _)| *allowed)
    }
}

/// Percent-encodes what is no ASCII, decodes escapes of unreserved characters, and writes the others
/// in upper case, so that patterns and paths compare byte by byte.
fn normal(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        let escape = bytes
            .get(at + 1..at + 3)
            .filter(|_| byte == b'%')
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match escape {
            Some(code) if code.is_ascii_alphanumeric() || b"-._~".contains(&code) => out.push(char::from(code)),
            Some(code) => out.push_str(&format!("%{code:02X}")),
            None if byte.is_ascii_graphic() => out.push(char::from(byte)),
            None => out.push_str(&format!("%{byte:02X}")),
        }
        at += if escape.is_some() { 3 } else { 1 };
    }
    out
}

/// `*` is any run of characters, `$` at the end is the end; linear but for the number of stars.
fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, anchored) = pattern.strip_suffix('$').map_or((pattern, false), |pattern| (pattern, true));
    let mut parts = pattern.split('*');
    let Some(mut rest) = path.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let parts: Vec<&str> = parts.collect();
    for (index, part) in parts.iter().enumerate() {
        if anchored && index + 1 == parts.len() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    !anchored || rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allow(text: &str, path: &str) -> bool {
        Rules::read(text, PRODUCT).allow(path)
    }

    #[test]
    fn the_longest_match_wins_and_allow_wins_a_tie() {
        let text = "User-agent: *\nDisallow: /p\nAllow: /page\nDisallow: /tie\nAllow: /tie\nDisallow: /*.gif$\n";
        assert!(!allow(text, "/private"));
        assert!(allow(text, "/page/1"));
        assert!(allow(text, "/tie"));
        assert!(!allow(text, "/a/b.gif"));
        assert!(allow(text, "/a/b.gif?x"));
        assert!(allow(text, "/"));
        assert!(allow("User-agent: *\nDisallow: /", "/robots.txt"));
    }

    #[test]
    fn our_own_group_stands_alone_and_groups_of_one_name_join() {
        let text = "User-agent: *\nDisallow: /\n\nUser-agent: Gleaner/2.0\nUser-agent: other\nDisallow: /a\n\n\
                    user-agent: gleaner\nsitemap: x\ndisallow: /b # no\ncrawl-delay: 99\n";
        assert!(allow(text, "/x"));
        assert!(!allow(text, "/a"));
        assert!(!allow(text, "/b"));
        assert_eq!(Rules::read(text, PRODUCT).delay, Some(LONGEST_DELAY));
        assert!(allow("User-agent: gleaner\nDisallow:\n\nUser-agent: *\nDisallow: /", "/x"));
        assert!(allow("User-agent: gleanerbot\nDisallow: /", "/x"));
    }

    #[test]
    fn escapes_compare() {
        assert!(!allow("User-agent: *\nDisallow: /caf%C3%A9", "/café"));
        assert!(!allow("User-agent: *\nDisallow: /a%2db", "/a-b"));
        assert!(allow("User-agent: *\nDisallow: /a%2Fb", "/a/b"));
    }

    #[test]
    fn what_is_no_robots_txt_allows() {
        for text in ["", "<html><body>Not found</body></html>", "Disallow: /", "\u{feff}", "User-agent *\nDisallow /"] {
            assert!(allow(text, "/x"), "{text}");
        }
        assert!(!allow("\u{feff}User-agent: *\r\nDisallow: /x\r\n", "/x"));
    }
}

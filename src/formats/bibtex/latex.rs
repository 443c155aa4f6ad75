//! LaTeX in values to plain text.

use unicode_normalization::UnicodeNormalization;

/// A value without LaTeX: accents composed, commands replaced or dropped, braces gone. What is not
/// known loses its backslash command and keeps its text.
pub(super) fn plain(value: &str) -> String {
    if !value.contains(['\\', '{', '}', '$', '~', '-', '`', '\'']) {
        return value.to_owned();
    }
    let chars: Vec<char> = value.chars().collect();
    let mut out = String::with_capacity(value.len());
    let mut at = 0;
    let mut math_end = None;
    while let Some(&here) = chars.get(at) {
        match here {
            '\\' => at = command(&chars, at + 1, &mut out),
            '{' | '}' => at += 1,
            '~' => {
                out.push(' ');
                at += 1;
            }
            '$' if math_end == Some(at) => {
                math_end = None;
                at += 1;
            }
            '$' => match end_of_math(&chars, at) {
                Some(end) => {
                    math_end = Some(end);
                    at += 1;
                }
                None => {
                    out.push('$');
                    at += 1;
                }
            },
            '_' | '^' if math_end.is_some() => at += 1,
            '-' if chars[at..].starts_with(&['-', '-', '-']) => {
                out.push('—');
                at += 3;
            }
            '-' if chars[at..].starts_with(&['-', '-']) => {
                out.push('–');
                at += 2;
            }
            '`' if chars.get(at + 1) == Some(&'`') => {
                out.push('“');
                at += 2;
            }
            '\'' if chars.get(at + 1) == Some(&'\'') => {
                out.push('”');
                at += 2;
            }
            other => {
                out.push(other);
                at += 1;
            }
        }
    }
    out.nfc().collect()
}

/// The end of mathematics, as TeX writes it: no blank inside at either end. `$5 and $10` is money.
fn end_of_math(chars: &[char], start: usize) -> Option<usize> {
    let inside = &chars[start + 1..];
    if inside.first().is_none_or(|first| first.is_whitespace()) {
        return None;
    }
    let mut escaped = false;
    for (offset, &c) in inside.iter().take(300).enumerate() {
        if c == '$' && !escaped {
            return (offset > 0 && !inside[offset - 1].is_whitespace()).then_some(start + 1 + offset);
        }
        escaped = c == '\\' && !escaped;
    }
    None
}

/// Writes what a command stands for; `at` is behind its backslash. Gives the place behind it.
fn command(chars: &[char], at: usize, out: &mut String) -> usize {
    let Some(&first) = chars.get(at) else { return at };
    if !first.is_ascii_alphabetic() {
        return sign(chars, at, first, out);
    }
    let end = chars[at..].iter().position(|c| !c.is_ascii_alphabetic()).map_or(chars.len(), |length| at + length);
    let name: String = chars[at..end].iter().collect();
    if let Some(mark) = letter_accent(&name) {
        // `\c{c}`, `\v s`; `\cite` has a longer name and is none.
        return accented(chars, end, mark, out);
    }
    let mut after = end;
    while chars.get(after).is_some_and(|c| c.is_whitespace()) {
        after += 1;
    }
    if let Some(text) = symbol(&name) {
        out.push_str(text);
        // A command swallows the blanks behind it, `{}` ends it.
        return if chars.get(after) == Some(&'{') && chars.get(after + 1) == Some(&'}') { after + 2 } else { after };
    }
    if chars.get(end) == Some(&'{') { end } else { after }
}

fn sign(chars: &[char], at: usize, first: char, out: &mut String) -> usize {
    let mark = match first {
        '`' => '\u{300}',
        '\'' => '\u{301}',
        '^' => '\u{302}',
        '~' => '\u{303}',
        '"' => '\u{308}',
        '=' => '\u{304}',
        '.' => '\u{307}',
        '\\' => {
            out.push(' ');
            return at + 1;
        }
        '-' | '/' | ',' | ';' | ':' | '!' | '@' => {
            if matches!(first, ',' | ';' | ':') {
                out.push(' ');
            }
            return at + 1;
        }
        '(' | ')' | '[' | ']' => return at + 1,
        other => {
            out.push(other);
            return at + 1;
        }
    };
    accented(chars, at + 1, mark, out)
}

/// Puts a mark on the letter that follows, in braces or not. Without one (`\^{}`) the sign stands alone.
fn accented(chars: &[char], at: usize, mark: char, out: &mut String) -> usize {
    let mut at = at;
    while chars.get(at).is_some_and(|c| c.is_whitespace()) {
        at += 1;
    }
    let mut braces = 0;
    while chars.get(at) == Some(&'{') && braces < 3 {
        at += 1;
        braces += 1;
    }
    let base = match chars.get(at) {
        Some('\\')
            if matches!(chars.get(at + 1), Some('i' | 'j'))
                && !chars.get(at + 2).is_some_and(char::is_ascii_alphabetic) =>
        {
            at += 2;
            // The mark takes the place of the dot.
            chars.get(at - 1).copied()
        }
        Some(c) if c.is_alphabetic() => {
            at += 1;
            Some(*c)
        }
        _ => None,
    };
    match base {
        Some(base) => out.extend([base, mark]),
        None if mark == '\u{303}' => out.push('~'),
        None if mark == '\u{302}' => out.push('^'),
        None => {}
    }
    while braces > 0 && chars.get(at) == Some(&'}') {
        at += 1;
        braces -= 1;
    }
    at
}

fn letter_accent(name: &str) -> Option<char> {
    Some(match name {
        "u" => '\u{306}',
        "v" => '\u{30c}',
        "H" => '\u{30b}',
        "c" => '\u{327}',
        "k" => '\u{328}',
        "r" => '\u{30a}',
        "d" => '\u{323}',
        "b" => '\u{331}',
        _ => return None,
    })
}

fn symbol(name: &str) -> Option<&'static str> {
    Some(match name {
        "ss" => "ß",
        "ae" => "æ",
        "AE" => "Æ",
        "oe" => "œ",
        "OE" => "Œ",
        "o" => "ø",
        "O" => "Ø",
        "l" => "ł",
        "L" => "Ł",
        "aa" => "å",
        "AA" => "Å",
        "i" => "ı",
        "j" => "ȷ",
        "dh" => "ð",
        "DH" => "Ð",
        "th" => "þ",
        "TH" => "Þ",
        "dj" => "đ",
        "DJ" => "Đ",
        "ng" => "ŋ",
        "NG" => "Ŋ",
        "alpha" => "α",
        "beta" => "β",
        "gamma" => "γ",
        "delta" => "δ",
        "epsilon" | "varepsilon" => "ε",
        "zeta" => "ζ",
        "eta" => "η",
        "theta" => "θ",
        "iota" => "ι",
        "kappa" => "κ",
        "lambda" => "λ",
        "mu" | "textmu" => "μ",
        "nu" => "ν",
        "xi" => "ξ",
        "pi" => "π",
        "rho" => "ρ",
        "sigma" => "σ",
        "tau" => "τ",
        "upsilon" => "υ",
        "phi" | "varphi" => "φ",
        "chi" => "χ",
        "psi" => "ψ",
        "omega" => "ω",
        "Gamma" => "Γ",
        "Delta" => "Δ",
        "Theta" => "Θ",
        "Lambda" => "Λ",
        "Sigma" => "Σ",
        "Phi" => "Φ",
        "Psi" => "Ψ",
        "Omega" => "Ω",
        "pm" | "textpm" => "±",
        "times" | "texttimes" => "×",
        "cdot" => "·",
        "le" | "leq" => "≤",
        "ge" | "geq" => "≥",
        "neq" | "ne" => "≠",
        "approx" => "≈",
        "sim" => "∼",
        "infty" => "∞",
        "rightarrow" | "to" => "→",
        "leftarrow" => "←",
        "degree" | "textdegree" => "°",
        "circ" => "°",
        "euro" | "texteuro" => "€",
        "pounds" | "textsterling" => "£",
        "copyright" | "textcopyright" => "©",
        "textregistered" => "®",
        "texttrademark" => "™",
        "S" => "§",
        "P" => "¶",
        "dag" => "†",
        "ldots" | "dots" | "textellipsis" => "…",
        "textendash" => "–",
        "textemdash" => "—",
        "textquoteright" => "’",
        "textquoteleft" => "‘",
        "textquotedblleft" => "“",
        "textquotedblright" => "”",
        "textquotesingle" => "'",
        "textbraceleft" => "{",
        "textbraceright" => "}",
        "textasciitilde" => "~",
        "textasciicircum" => "^",
        "textbackslash" | "backslash" => "\\",
        "textbar" => "|",
        "textless" => "<",
        "textgreater" => ">",
        "textunderscore" => "_",
        "textdollar" => "$",
        "TeX" => "TeX",
        "LaTeX" => "LaTeX",
        "quad" | "qquad" | "newline" | "par" | "space" => " ",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn latex_becomes_text() {
        for (latex, expected) in [
            (r"Caf\'e and caf{\'e} and caf\'{e}", "Café and café and café"),
            (r#"{\"u}ber Stra{\ss}e, G{\"o}del, D\"{u}sseldorf"#, "über Straße, Gödel, Düsseldorf"),
            (r#"na\"{\i}ve \'{\i}ndice"#, "naïve índice"),
            (r"\v{S}koda, Fran\c{c}ois, \c cedilla, \H{o}", "Škoda, François, çedilla, ő"),
            (r"The {DNA} of \emph{E. coli}", "The DNA of E. coli"),
            (r"50\% \& more, a\_b, \{x\}", "50% & more, a_b, {x}"),
            (r"CO$_2$ and $\alpha$-synuclein, $p \leq 0.05$", "CO2 and α-synuclein, p ≤0.05"),
            ("between $5 and $10", "between $5 and $10"),
            (r"``Quoted'' -- so --- it~goes", "“Quoted” – so — it goes"),
            (r"Schr\o dinger, \O{}degaard, \aa", "Schrødinger, Ødegaard, å"),
            (r"\~{n}, \~{}tilde", "ñ, ~tilde"),
            (r"\", ""),
        ] {
            assert_eq!(plain(latex), expected, "{latex}");
        }
    }
}

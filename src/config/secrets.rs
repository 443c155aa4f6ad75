//! Keys: read from the environment or from a file that it names, never from config.toml.

use std::ffi::OsString;
use std::fs::File;
use std::io::Read;
use std::path::PathBuf;

use secrecy::SecretString;

use crate::error::{Failure, Outcome};

/// The largest key file that is read, in bytes.
const MAX_BYTES: u64 = 64 << 10;

/// The key in the environment variable `name`, or else in the file that `NAME_FILE` names, without
/// surrounding white space; `None` where neither is set or both are empty.
///
/// # Errors
/// Exit 2 where `NAME_FILE` names a file that cannot be read, or the key holds control characters
/// (it could then not be sent). The message never shows the key.
pub fn secret(name: &str) -> Outcome<Option<SecretString>> {
    secret_from(name, |variable| std::env::var_os(variable))
}

fn secret_from(name: &str, variable: impl Fn(&str) -> Option<OsString>) -> Outcome<Option<SecretString>> {
    if let Some(value) = variable(name) {
        let value = value.into_string().map_err(|_| Failure::usage(format!("the key in {name} is not UTF-8")))?;
        if let Some(key) = checked(&value, name)? {
            return Ok(Some(key));
        }
    }
    let name = format!("{name}_FILE");
    let Some(path) = variable(&name).filter(|path| !path.is_empty()).map(PathBuf::from) else { return Ok(None) };
    let unreadable = |error: std::io::Error| {
        Failure::usage(format!("the key file that {name} names cannot be read: {error}"))
            .in_file(&path)
            .remedy(format!("set {name} to a readable file that holds nothing but the key"))
    };
    let mut text = String::new();
    File::open(&path).and_then(|file| file.take(MAX_BYTES + 1).read_to_string(&mut text)).map_err(unreadable)?;
    if text.len() as u64 > MAX_BYTES {
        return Err(Failure::usage(format!("the key file that {name} names is larger than 64 KiB"))
            .in_file(&path)
            .remedy("name a file that holds nothing but the key"));
    }
    checked(text.trim_start_matches('\u{feff}'), &name)
}

fn checked(text: &str, name: &str) -> Outcome<Option<SecretString>> {
    let key = text.trim();
    if key.chars().any(char::is_control) {
        return Err(Failure::usage(format!("the key in {name} holds control characters or several lines"))
            .remedy("keep nothing but the key there"));
    }
    Ok((!key.is_empty()).then(|| SecretString::from(key)))
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    fn shown(name: &str, variables: &[(&str, &str)]) -> Result<Option<String>, String> {
        let variable =
            |wanted: &str| variables.iter().find(|(name, _)| *name == wanted).map(|(_, value)| OsString::from(value));
        secret_from(name, variable)
            .map(|key| key.map(|key| key.expose_secret().to_owned()))
            .map_err(|failure| failure.to_string())
    }

    #[test]
    fn a_key_comes_from_the_variable_or_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("key");
        std::fs::write(&file, "  from-file\n").unwrap();
        let file = file.to_str().unwrap();
        assert_eq!(shown("K", &[("K", " plain "), ("K_FILE", file)]), Ok(Some("plain".into())));
        assert_eq!(shown("K", &[("K", ""), ("K_FILE", file)]), Ok(Some("from-file".into())));
        assert_eq!(shown("K", &[]), Ok(None));
        let missing = shown("K", &[("K_FILE", "/nowhere/at/all")]).unwrap_err();
        assert!(missing.contains("/nowhere/at/all") && missing.contains("K_FILE"), "{missing}");
        let lines = shown("K", &[("K", "sec\nret")]).unwrap_err();
        assert!(!lines.contains("sec"), "{lines}");
    }
}

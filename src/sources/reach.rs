//! How a source is reached in a run: config's values over the source's own, and its keys.

use secrecy::SecretString;
use url::Url;

use super::{Access, KeyNeed, SourceInfo};
use crate::config::{Settings, SourceSettings};
use crate::error::{Failure, Outcome};

/// A source's access and pace.
#[derive(Clone, Debug)]
pub struct Reach {
    pub access: Access,
    /// A source switched off in config is not searched, and that is no failure.
    pub enabled: bool,
    /// What config sets, else the published rate; the server's headers may only lower it.
    pub requests_per_second: f64,
    pub burst: u32,
    /// Its keys, present or not.
    pub keys: Vec<KeyState>,
}

/// A key that a source may be asked with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyState {
    /// The environment variable that holds it, or `…_FILE` names a file that does.
    pub variable: String,
    /// Whether the source does not answer without it.
    pub required: bool,
    pub present: bool,
}

impl Reach {
    /// The key without which the source does not answer, and which is not there.
    pub fn missing_key(&self) -> Option<&str> {
        self.keys.iter().find(|key| key.required && !key.present).map(|key| key.variable.as_str())
    }
}

/// How a source is reached with these settings. `secret` gives the key of an environment variable:
/// [`crate::config::secret`], or a run's own keys in its stead. `stand_in` replaces the address.
///
/// # Errors
/// Exit 2 where a key's file cannot be read or an address is none.
pub fn reach(
    info: &SourceInfo,
    settings: &Settings,
    secret: impl Fn(&str) -> Outcome<Option<SecretString>>,
    stand_in: Option<&Url>,
) -> Outcome<Reach> {
    let none = SourceSettings::default();
    let own = settings.sources.get(info.id).unwrap_or(&none);
    let mut keys = Vec::new();
    let mut ask = |variable: &str, required: bool| -> Outcome<Option<SecretString>> {
        let key = secret(variable)?;
        keys.push(KeyState { variable: variable.to_owned(), required, present: key.is_some() });
        Ok(key)
    };
    let key = match (info.key, own.key_env.as_deref()) {
        (KeyNeed::Required(default), named) => ask(named.unwrap_or(default), true)?,
        (KeyNeed::Optional(default), named) => ask(named.unwrap_or(default), false)?,
        (KeyNeed::None, Some(named)) => ask(named, false)?,
        (KeyNeed::None, None) => None,
    };
    let insttoken = match own.insttoken_env.as_deref() {
        Some(variable) => ask(variable, false)?,
        None => None,
    };
    let address = |text: &str| {
        Url::parse(text).map_err(|error| Failure::usage(format!("[sources.{}]: no address: {text}: {error}", info.id)))
    };
    let base_url = match stand_in {
        Some(url) => url.clone(),
        None => address(base_url(info, own, settings)?)?,
    };
    let access = Access {
        base_url,
        contact: settings.review.contact.clone(),
        key,
        insttoken,
        page_size: own.page_size.unwrap_or(info.page_size).clamp(1, info.max_page_size.max(1)),
        product: own.product.clone(),
        session: super::Session::default(),
        sites: own.sites.iter().map(|site| address(site)).collect::<Outcome<_>>()?,
    };
    Ok(Reach {
        access,
        enabled: own.enabled.unwrap_or(true),
        requests_per_second: own.requests_per_second.unwrap_or(info.requests_per_second),
        burst: own.burst.unwrap_or(info.burst),
        keys,
    })
}

/// The address that its paths follow. A website protocol has none of its own: config names the sites.
fn base_url<'a>(info: &'a SourceInfo, own: &'a SourceSettings, settings: &Settings) -> Outcome<&'a str> {
    let printed = Some(info.base_url).filter(|base| !base.is_empty());
    let base_url = own.base_url.as_deref().or(printed).or(own.sites.first().map(String::as_str));
    base_url.ok_or_else(|| {
        Failure::usage(format!("no site is named for `{}`", info.id))
            .in_file(&settings.file)
            .remedy(format!("add [sources.{}] with sites = [\"https://…\"] or base_url", info.id))
    })
}

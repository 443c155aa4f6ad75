//! Login and challenge pages, which servers send with status 200 in place of a document.

use scraper::{Html, Selector};

/// Main text with this many words is a document, whatever forms stand beside it.
const DOCUMENT_WORDS: usize = 400;
/// Below this, one sign of a gate is enough.
const BARE_WORDS: usize = 60;

/// Whether a page asks for a login or for proof of a person instead of showing a document.
///
/// Several signs must come together, unless the page has almost no text: a page that speaks of
/// logging in has the words, but neither the form nor the emptiness.
pub fn is_gate(page: &Html, text: &str, words: usize) -> bool {
    if words >= DOCUMENT_WORDS {
        return false;
    }
    let signs = signs(page, text);
    signs >= 2 || (words < BARE_WORDS && signs >= 1)
}

fn signs(page: &Html, text: &str) -> usize {
    let has = |selector: &str| Selector::parse(selector).is_ok_and(|selector| page.select(&selector).next().is_some());
    let title: String = Selector::parse("title")
        .ok()
        .and_then(|selector| page.select(&selector).next().map(|title| title.text().collect()))
        .unwrap_or_default();
    let form = r#"form[action*="login" i], form[action*="signin" i], form[action*="sign-in" i], form[action*="shibboleth" i],
        form[action*="saml" i], form[action*="openathens" i], form[action*="wayf" i], form[action*="/idp/" i]"#;
    let challenge = r#"[id*="cf-challenge" i], [class*="cf-challenge" i], #challenge-form, #challenge-running, .g-recaptcha,
        .h-captcha, [class*="cf-turnstile" i], [id*="px-captcha" i], script[src*="/cdn-cgi/challenge-platform/"]"#;
    let mut signs = 0;
    signs += usize::from(has(r#"input[type="password" i]"#));
    signs += usize::from(has(form));
    signs += 2 * usize::from(has(challenge));
    signs += usize::from(is_gate_title(&title.to_lowercase()));
    signs += PHRASES.iter().filter(|phrase| text.contains(*phrase)).count().min(2);
    signs
}

/// A title that is nothing but the words of a gate, a site's name beside them apart.
fn is_gate_title(title: &str) -> bool {
    let titles = [
        "sign in",
        "log in",
        "login",
        "log on",
        "mewngofnodi",
        "please sign in",
        "please log in",
        "access denied",
        "just a moment...",
        "just a moment",
        "attention required!",
        "are you a robot?",
        "robot check",
        "captcha",
        "security check",
        "verify you are human",
        "redirecting",
        "institutional login",
        "institution login",
        "403 forbidden",
        "web login service",
        "authentication required",
        "human verification",
    ];
    title.split(['|', '–', '—', '»', '·']).flat_map(|part| part.split(" - ")).any(|part| titles.contains(&part.trim()))
        || title.starts_with("sign in to ")
        || title.starts_with("log in to ")
}

const PHRASES: &[&str] = &[
    "enable javascript",
    "javascript is disabled",
    "javascript is required",
    "requires javascript",
    "turn on javascript",
    "enable cookies",
    "cookies must be enabled",
    "checking your browser",
    "checking if the site connection is secure",
    "verify you are human",
    "verify that you are human",
    "verifying you are human",
    "you are a human",
    "not a robot",
    "are you a robot",
    "captcha",
    "unusual traffic",
    "access to this page has been denied",
    "ddos protection",
    "sign in to continue",
    "log in to continue",
    "please log in",
    "please sign in",
    "you must be logged in",
    "sign in via your institution",
    "log in via your institution",
    "institutional login",
    "institution login",
    "login via shibboleth",
    "forgot your password",
    "forgotten your password",
    "forgot password",
];

#[cfg(test)]
mod tests {
    use super::super::{ExtractError, html::extract};

    #[test]
    fn gates_are_refused() {
        for page in [
            "<!doctype html><title>Sign in</title><form>Institution login</form>",
            "<html><title>Just a moment...</title><noscript>Enable JavaScript and cookies to continue</noscript></html>",
            "<html><title>Journal</title><body><h1>Journal</h1><form action='/login'><input name=u><input type='password'></form></body></html>",
            "<html><body><div id='root'></div><noscript>You need to enable JavaScript to run this app.</noscript></body></html>",
        ] {
            assert_eq!(extract(page), Err(ExtractError::LoginPage), "{page}");
        }
        let preview = "word ".repeat(150);
        let page = format!(
            "<html><title>Log in | Publisher</title><form action='/signin'><input type=password></form><p>{preview}</p>"
        );
        assert_eq!(extract(&page), Err(ExtractError::LoginPage));
    }

    #[test]
    fn documents_that_speak_of_logging_in_are_read() {
        let short = format!(
            "<html><title>Getting people online</title><main><p>{} please log in</p></main>",
            "We taught people. ".repeat(40)
        );
        assert!(extract(&short).is_ok());
        let long = format!(
            "<html><title>A study</title><form action='/login'><input type=password></form><main><p>{} captcha, enable JavaScript</p></main>",
            "Members met weekly in halls. ".repeat(100)
        );
        assert!(extract(&long).is_ok());
    }
}

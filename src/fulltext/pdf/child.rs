//! A program run under limits: it is killed when its time is up, and reads no more than it may.

use std::io::{Read, Seek, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use crate::fulltext::ExtractError;

/// What a program may use.
pub struct Limits {
    /// Seconds, of wall time and of processor time.
    pub seconds: u64,
    /// Address space in KiB; held by the shell's `ulimit -v`, where the system knows it.
    pub memory_kib: u64,
    /// Bytes of output; what follows is not read.
    pub output: u64,
}

/// How the program gets the file.
pub enum Input<'a> {
    /// As the path of a temporary file, the last argument but `-`.
    Path(&'a [u8]),
    /// On its standard input.
    Stdin(&'a [u8]),
}

/// How it ended.
pub struct Ended {
    pub output: String,
    pub complaint: String,
    pub success: bool,
    /// Whether output beyond the limit was left unread.
    pub cut: bool,
}

/// Runs a program to its end or its limits.
pub fn run(program: &Path, arguments: &[&str], input: Input<'_>, limits: &Limits) -> Result<Ended, ExtractError> {
    let (Input::Path(bytes) | Input::Stdin(bytes)) = input;
    let mut file = tempfile::NamedTempFile::new().map_err(|error| failed(&error))?;
    file.write_all(bytes).and_then(|()| file.rewind()).map_err(|error| failed(&error))?;
    let mut command = limited(program, limits);
    command.args(arguments).env("LC_ALL", "C").stdout(Stdio::piped()).stderr(Stdio::piped());
    match input {
        Input::Path(_) => command.arg(file.path()).arg("-").stdin(Stdio::null()),
        Input::Stdin(_) => command.stdin(file.reopen().map_err(|error| failed(&error))?),
    };
    let child = command.spawn().map_err(|error| failed(&error))?;
    let ended = wait(child, limits)?;
    if ended.complaint.to_lowercase().contains("memory") && !ended.success && !ended.cut {
        return Err(ExtractError::TooLarge(format!("it needs more than {} MiB to read", limits.memory_kib / 1024)));
    }
    Ok(ended)
}

/// The program behind a shell that sets the limits and becomes it: a limit set here would be ours too.
#[cfg(unix)]
fn limited(program: &Path, limits: &Limits) -> Command {
    let mut command = Command::new("/bin/sh");
    let script = r#"ulimit -c 0; ulimit -t "$1"; ulimit -v "$2" 2>/dev/null; shift 2; exec "$@""#;
    command.args(["-c", script, "sh", &limits.seconds.to_string(), &limits.memory_kib.to_string()]).arg(program);
    command
}

#[cfg(not(unix))]
fn limited(program: &Path, _limits: &Limits) -> Command {
    Command::new(program)
}

fn wait(mut child: Child, limits: &Limits) -> Result<Ended, ExtractError> {
    let (sender, receiver) = mpsc::channel();
    let (Some(stdout), Some(stderr)) = (child.stdout.take(), child.stderr.take()) else {
        return Err(ExtractError::NoReader("its output cannot be read".into()));
    };
    let most = limits.output;
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        // What came before a failure counts.
        let _ = stdout.take(most + 1).read_to_end(&mut bytes);
        let _ = sender.send(bytes);
    });
    let complaints = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let mut stderr = stderr;
        let _ = stderr.by_ref().take(64 << 10).read_to_end(&mut bytes);
        // Read on, or the program waits for us.
        let _ = std::io::copy(&mut stderr, &mut std::io::sink());
        bytes
    });
    let received = receiver.recv_timeout(Duration::from_secs(limits.seconds));
    let cut = received.as_ref().is_ok_and(|bytes| bytes.len() as u64 > most);
    if received.is_err() || cut {
        let _ = child.kill();
    }
    let status = child.wait().map_err(|error| failed(&error))?;
    let complaint = complaints.join().unwrap_or_default();
    let mut output = received.map_err(|_| ExtractError::TooSlow(limits.seconds))?;
    output.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    Ok(Ended {
        output: String::from_utf8_lossy(&output).into_owned(),
        complaint: String::from_utf8_lossy(&complaint).into_owned(),
        success: status.success(),
        cut,
    })
}

fn failed(error: &std::io::Error) -> ExtractError {
    ExtractError::NoReader(error.to_string())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str, limits: &Limits) -> Result<Ended, ExtractError> {
        run(Path::new("/bin/sh"), &["-c", script], Input::Stdin(b"in"), limits)
    }

    #[test]
    fn limits_hold() {
        let limits = Limits { seconds: 1, memory_kib: 200_000, output: 1_000 };
        let ended = shell("cat; echo oops >&2", &limits).unwrap();
        assert_eq!((ended.output.as_str(), ended.complaint.as_str(), ended.success), ("in", "oops\n", true));
        assert!(matches!(shell("while :; do :; done", &limits), Err(ExtractError::TooSlow(1))));
        let ended = shell("while :; do echo line; done", &limits).unwrap();
        assert!(ended.cut);
        assert_eq!(ended.output.len(), 1_000);
        assert!(!shell("exit 3", &limits).unwrap().success);
    }
}

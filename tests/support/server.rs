//! A loopback server that answers as badly as it is told to. It speaks HTTP/1.1 by hand, since no
//! library would send what it must: bodies cut off, lengths that lie.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Ask {
    /// Path and query.
    pub target: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Ask {
    /// The path alone.
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
    /// A parameter of the query, decoded.
    pub fn parameter(&self, name: &str) -> Option<String> {
        let query = self.target.split_once('?').map_or("", |(_, query)| query);
        url::form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }
}

/// What is answered.
#[derive(Clone, Debug)]
pub struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    /// The length that is promised, where it is not kept: the connection breaks after the body.
    promised: Option<usize>,
    wait: Duration,
}

impl Reply {
    /// A status and a body.
    pub fn new(status: u16, body: impl Into<String>) -> Self {
        Self { status, headers: Vec::new(), body: body.into().into_bytes(), promised: None, wait: Duration::ZERO }
    }
    /// JSON at 200.
    pub fn json(body: impl Into<String>) -> Self {
        Self::new(200, body).header("content-type", "application/json")
    }
    /// With a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }
    /// Promises so many bytes and breaks off after the body.
    pub fn cut_at(mut self, promised: usize) -> Self {
        self.promised = Some(promised);
        self
    }
    /// After a while.
    pub fn after(mut self, wait: Duration) -> Self {
        self.wait = wait;
        self
    }
}

type Handler = dyn Fn(&Ask) -> Reply + Send + Sync;

/// A server on a free port; lives until the test's process ends.
pub struct Server {
    address: SocketAddr,
    asks: Arc<Mutex<Vec<Ask>>>,
}

impl Server {
    /// Starts one. Each connection has its own thread and carries one request.
    pub fn start(handler: impl Fn(&Ask) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let asks: Arc<Mutex<Vec<Ask>>> = Arc::default();
        let (log, handler): (_, Arc<Handler>) = (asks.clone(), Arc::new(handler));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (log, handler) = (log.clone(), handler.clone());
                std::thread::spawn(move || {
                    // A client that was killed goes away in the midst of it.
                    let _ = serve(stream, &log, &*handler);
                });
            }
        });
        Self { address, asks }
    }

    /// Its address, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What was asked so far.
    pub fn asks(&self) -> Vec<Ask> {
        self.asks.lock().unwrap().clone()
    }
}

fn serve(stream: TcpStream, log: &Mutex<Vec<Ask>>, handler: &Handler) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let target = line.split(' ').nth(1).unwrap_or_default().to_owned();
    if target.is_empty() {
        return Ok(());
    }
    let mut headers = Vec::new();
    loop {
        line.clear();
        reader.read_line(&mut line)?;
        match line.trim_end().split_once(':') {
            Some((name, value)) => headers.push((name.to_lowercase(), value.trim().to_owned())),
            None => break,
        }
    }
    let mut ask = Ask { target, headers, body: Vec::new() };
    let length = ask.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    ask.body = vec![0; length];
    reader.read_exact(&mut ask.body)?;
    let reply = handler(&ask);
    log.lock().unwrap().push(ask);
    std::thread::sleep(reply.wait);
    let mut stream = stream;
    let length = reply.promised.unwrap_or(reply.body.len());
    let mut head = format!("HTTP/1.1 {} Status\r\ncontent-length: {length}\r\nconnection: close\r\n", reply.status);
    for (name, value) in &reply.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    stream.write_all(head.as_bytes())?;
    stream.write_all(b"\r\n")?;
    stream.write_all(&reply.body)?;
    stream.flush()
}

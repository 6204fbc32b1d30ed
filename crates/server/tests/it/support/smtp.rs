//! A mail server for tests: it speaks as much of RFC 5321 as sending needs.

use super::within;
use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    sync::Notify,
    task::JoinHandle,
};

/// What it was given.
#[derive(Clone)]
pub struct Taken {
    pub from: String,
    pub to: String,
    pub data: Vec<u8>,
}

#[derive(Default)]
struct Book {
    /// Answers to the next recipients; afterwards everybody is known.
    refusals: Vec<String>,
    /// Answers to the next texts; afterwards every text is taken.
    text_refusals: Vec<String>,
    asked: usize,
    taken: Vec<Taken>,
    /// Whether it says only when it is told to what becomes of the next text.
    is_slow: bool,
}

/// What a slow one and its test tell each other.
#[derive(Default)]
struct Slowness {
    has_text: Notify,
    go_on: Notify,
}

/// A running one.
pub struct MailServer {
    address: SocketAddr,
    book: Arc<Mutex<Book>>,
    slowness: Arc<Slowness>,
    task: JoinHandle<()>,
}

impl MailServer {
    /// Answers the first recipients with `refusals`.
    pub async fn start(refusals: &[&str]) -> Self {
        Self::start_at(0, refusals).await
    }

    /// The same, at a port.
    pub async fn start_at(port: u16, refusals: &[&str]) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let refusals = refusals.iter().rev().map(|text| (*text).to_owned()).collect();
        let book = Arc::new(Mutex::new(Book { refusals, ..Book::default() }));
        let slowness = Arc::new(Slowness::default());
        let (kept, kept_slowness) = (Arc::clone(&book), Arc::clone(&slowness));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&kept), Arc::clone(&kept_slowness)));
            }
        });
        Self { address, book, slowness, task }
    }

    /// Takes the next text, and says so only after [`Self::go_on`].
    pub fn is_slow(&self) {
        self.book.lock().unwrap().is_slow = true;
    }

    /// Waits until it has a text of which it says nothing yet.
    pub async fn keeps_somebody_waiting(&self) {
        within("the text of a mail", self.slowness.has_text.notified()).await;
    }

    /// Says what it has kept to itself.
    pub fn go_on(&self) {
        self.slowness.go_on.notify_one();
    }

    /// Answers the next text with this.
    pub fn refuses_text(&self, answer: &str) {
        self.book.lock().unwrap().text_refusals.push(answer.to_owned());
    }

    /// For `MENAGERIE_SMTP`.
    pub fn address(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// What it took.
    pub fn got(&self) -> Vec<Taken> {
        self.book.lock().unwrap().taken.clone()
    }

    /// How often it was asked to take something.
    pub fn asked(&self) -> usize {
        self.book.lock().unwrap().asked
    }

    /// Goes away; its port is free.
    pub async fn stop(self) -> u16 {
        self.task.abort();
        let _ = self.task.await;
        self.address.port()
    }
}

async fn serve(stream: TcpStream, book: Arc<Mutex<Book>>, slowness: Arc<Slowness>) -> Option<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read);
    let (mut from, mut to) = (String::new(), String::new());
    write.write_all(b"220 mail.test\r\n").await.ok()?;
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        let command = line.trim_end().to_ascii_uppercase();
        let named = || line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
        let answer = match command.split([' ', ':']).next().unwrap_or_default() {
            "EHLO" | "HELO" => "250 mail.test".to_owned(),
            "MAIL" => {
                from = named();
                "250 ok".to_owned()
            }
            "RCPT" => {
                to = named();
                let mut book = book.lock().unwrap();
                book.asked += 1;
                book.refusals.pop().unwrap_or("250 ok".to_owned())
            }
            "DATA" => {
                write.write_all(b"354 go on\r\n").await.ok()?;
                let mut data = Vec::new();
                loop {
                    let mut line = Vec::new();
                    lines.read_until(b'\n', &mut line).await.ok()?;
                    if line == b".\r\n" {
                        break;
                    }
                    data.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
                }
                if std::mem::take(&mut book.lock().unwrap().is_slow) {
                    slowness.has_text.notify_one();
                    slowness.go_on.notified().await;
                }
                let mut book = book.lock().unwrap();
                match book.text_refusals.pop() {
                    Some(refusal) => refusal,
                    None => {
                        book.taken.push(Taken { from: from.clone(), to: to.clone(), data });
                        "250 taken".to_owned()
                    }
                }
            }
            "QUIT" => return None,
            _ => "250 ok".to_owned(),
        };
        write.write_all(format!("{answer}\r\n").as_bytes()).await.ok()?;
    }
}

//! A store that speaks S3, with its buckets in a folder: what it is asked has to be signed.

use super::within;
use axum::http::{Method, Request};
use hyper::{
    body::Incoming,
    service::{Service, service_fn},
};
use hyper_util::{rt::TokioIo, server::conn::auto::Builder};
use s3s::{auth::SimpleAuth, service::S3ServiceBuilder};
use std::{
    net::Ipv4Addr,
    sync::{Arc, Mutex},
};
use tempfile::TempDir;
use tokio::{
    net::TcpListener,
    sync::watch,
    task::{AbortHandle, JoinSet},
};

pub const BUCKET: &str = "shop";
const KEY: &str = "key";
const SECRET: &str = "a-secret-for-tests-only";

/// Which deletions wait, by their address.
type Held = fn(&str) -> bool;

/// The store, until it is dropped.
pub struct Store {
    pub folder: TempDir,
    address: String,
    stalled: watch::Sender<bool>,
    /// How many have connected and hear nothing.
    unanswered: watch::Receiver<usize>,
    held: watch::Sender<Option<Held>>,
    asked: Arc<Mutex<Vec<(Method, String)>>>,
    task: AbortHandle,
}

impl Store {
    pub async fn start() -> Self {
        let folder = TempDir::new().unwrap();
        std::fs::create_dir(folder.path().join(BUCKET)).unwrap();
        let mut builder = S3ServiceBuilder::new(s3s_fs::FileSystem::new(folder.path()).unwrap());
        builder.set_auth(SimpleAuth::from_single(KEY, SECRET));
        let service = builder.build();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (stalled, mut stall) = watch::channel(false);
        let (unheard, unanswered) = watch::channel(0);
        let (held, hold) = watch::channel(None::<Held>);
        let asked = Arc::new(Mutex::new(Vec::new()));
        let questions = Arc::clone(&asked);
        let task = tokio::spawn(async move {
            let (mut connections, mut silent) = (JoinSet::new(), Vec::new());
            loop {
                let socket = tokio::select! {
                    Ok((socket, _)) = listener.accept() => socket,
                    Ok(()) = stall.changed() => {
                        connections.shutdown().await;
                        continue;
                    }
                };
                if *stall.borrow() {
                    silent.push(socket);
                    unheard.send_replace(silent.len());
                    continue;
                }
                let (service, questions, hold) = (service.clone(), Arc::clone(&questions), hold.clone());
                let service = service_fn(move |request: Request<Incoming>| {
                    let path = request.uri().path().to_owned();
                    let deletes = request.method() == Method::DELETE;
                    questions.lock().unwrap().push((request.method().clone(), path.clone()));
                    let (service, mut hold) = (service.clone(), hold.clone());
                    async move {
                        if deletes {
                            let _ = hold.wait_for(|held| held.is_none_or(|held| !held(&path))).await;
                        }
                        Service::call(&service, request).await
                    }
                });
                connections.spawn(async move {
                    let http = Builder::new(hyper_util::rt::TokioExecutor::new());
                    // A client that goes away is no fault.
                    let _ = http.serve_connection(TokioIo::new(socket), service).await;
                });
            }
        });
        Self { folder, address, stalled, unanswered, held, asked, task: task.abort_handle() }
    }

    /// How often something was read, or asked for in vain, whose address has `part` in it.
    pub fn reads(&self, part: &str) -> usize {
        let asked = self.asked.lock().unwrap();
        asked.iter().filter(|(method, path)| *method == Method::GET && path.contains(part)).count()
    }

    /// Waits until one of the deletions is asked for that wait.
    pub async fn deletion_waits(&self) {
        let waits = || {
            let held = *self.held.borrow();
            let asked = self.asked.lock().unwrap();
            asked
                .iter()
                .any(|(method, path)| *method == Method::DELETE && held.is_some_and(|held| held(path)))
        };
        let wait = async {
            while !waits() {
                tokio::task::yield_now().await;
            }
        };
        within("a deletion", wait).await;
    }

    /// From now on deletions at such addresses wait, until there is another rule.
    pub fn hold_deletions(&self, held: Option<Held>) {
        self.held.send_replace(held);
    }

    /// From now on whoever connects gets no answer.
    pub fn stall(&self) {
        self.stalled.send_replace(true);
    }

    /// Waits until somebody has connected who gets no answer.
    pub async fn keeps_somebody_waiting(&self) {
        let mut unanswered = self.unanswered.clone();
        within("somebody who asks the store", unanswered.wait_for(|count| *count > 0)).await.unwrap();
    }

    /// What a server finds in its environment.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        let settings = [
            ("AWS_ENDPOINT_URL", self.address.as_str()),
            ("AWS_REGION", "eu-central-1"),
            ("AWS_ACCESS_KEY_ID", KEY),
            ("AWS_SECRET_ACCESS_KEY", SECRET),
        ];
        settings.map(|(name, value)| (name, value.to_owned())).into()
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.task.abort();
    }
}

//! Mails: in a folder, to a mail server, and when that fails.

use crate::{
    on_both,
    support::{Shop, mailbox, smtp::MailServer, within},
};
use server::mail::Message;
use std::time::{SystemTime, UNIX_EPOCH};

on_both!(
    a_mail_goes_out_after_its_transaction_and_once_for_its_cause,
    one_that_is_forgotten_is_not_sent,
    one_that_is_of_no_use_any_more_is_not_sent,
    a_clock_that_goes_back_holds_no_mail_back,
    of_two_servers_one_sends_a_mail,
);

fn message(key: &str) -> Message {
    Message {
        to: "ada@example.org".to_owned(),
        subject: "Grüße\r\nBcc: eve@example.org".to_owned(),
        text: "Hello Ada,\n\nit comes to 9,90 €.\n".to_owned(),
        key: key.to_owned(),
    }
}

async fn queue(shop: &Shop, message: Message) {
    let mut transaction = shop.server.database.write().await.unwrap();
    shop.server.mail.queue(&mut transaction, message).await.unwrap();
    transaction.commit().await.unwrap();
}

async fn send(shop: &Shop, later_minutes: i64) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
    let now = i64::try_from(now).unwrap() + later_minutes * 60_000;
    shop.server.mail.send_due(now, &shop.server.stopping).await.unwrap();
}

async fn a_mail_goes_out_after_its_transaction_and_once_for_its_cause(shop: Shop) {
    let mut transaction = shop.server.database.write().await.unwrap();
    shop.server.mail.queue(&mut transaction, message("given/up")).await.unwrap();
    drop(transaction);
    send(&shop, 0).await;
    assert!(mailbox::of(&shop).is_empty(), "its transaction never happened");

    queue(&shop, message("order/1")).await;
    queue(&shop, message("order/1")).await;
    send(&shop, 0).await;
    queue(&shop, message("order/1")).await;
    send(&shop, 60).await;
    let mails = mailbox::of(&shop);
    assert_eq!(mails.len(), 1);
    let mail = &mails[0];
    assert_eq!(mail.header("To"), "ada@example.org");
    assert_eq!(mail.header("From"), "Menagerie <shop@localhost>");
    assert_eq!(mail.header("Auto-Submitted"), "auto-generated");
    assert!(mail.header("Message-ID").ends_with("@localhost>"));
    assert!(mail.header("Bcc").is_empty(), "no header comes from a subject");
    assert_eq!(mail.text, "Hello Ada,\n\nit comes to 9,90 €.\n");
    // What it said is forgotten.
    let mut db = shop.server.database.read().await.unwrap();
    let left: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM mails WHERE text <> '' OR recipient <> ''")
        .fetch_one(&mut *db)
        .await
        .unwrap();
    assert_eq!(left, 0);
}

async fn one_that_is_forgotten_is_not_sent(shop: Shop) {
    for key in ["order/1/placed", "order/1/shipped", "order/10/placed", "Order/1/placed", "order_1/placed"] {
        queue(&shop, Message { to: format!("{}@example.org", key.replace('/', "-")), ..message(key) }).await;
    }
    let mut transaction = shop.server.database.write().await.unwrap();
    shop.server.mail.forget(&mut transaction, "order/1/").await.unwrap();
    transaction.commit().await.unwrap();
    send(&shop, 0).await;
    let mails = mailbox::of(&shop);
    let sent: Vec<_> = mails.iter().map(|mail| mail.header("To")).collect();
    assert_eq!(
        sent,
        ["order-10-placed@example.org", "Order-1-placed@example.org", "order_1-placed@example.org"]
    );
}

async fn one_that_is_of_no_use_any_more_is_not_sent(shop: Shop) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
    let end = now + 60 * 60_000;
    for n in 0..2 {
        queue(&shop, message(&format!("link/{n}{}{end}", server::mail::UNTIL))).await;
        send(&shop, n * 61).await;
    }
    assert_eq!(mailbox::of(&shop).len(), 1);
    let mut db = shop.server.database.read().await.unwrap();
    let left: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM mails WHERE text <> '' OR next_at IS NOT NULL")
        .fetch_one(&mut *db)
        .await
        .unwrap();
    assert_eq!(left, 0, "nor is it kept");
}

async fn a_clock_that_goes_back_holds_no_mail_back(shop: Shop) {
    queue(&shop, message("order/1")).await;
    send(&shop, -24 * 60).await;
    assert_eq!(mailbox::of(&shop).len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_that_was_sent_is_noted_though_the_database_fails_at_first() {
    let Some(shop) = Shop::postgres(&[]).await else { return };
    let mut db = shop.server.database.write().await.unwrap();
    for sql in [
        // What a sequence counted stays counted when its transaction is given up.
        "CREATE SEQUENCE notes",
        "CREATE FUNCTION fail_twice() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
             IF nextval('notes') < 3 THEN RAISE EXCEPTION 'away'; END IF;
             RETURN NEW;
         END $$",
        "CREATE TRIGGER failing BEFORE UPDATE OF sent_at ON mails FOR EACH ROW EXECUTE FUNCTION fail_twice()",
    ] {
        sqlx::query(sql).execute(&mut *db).await.unwrap();
    }
    db.commit().await.unwrap();
    queue(&shop, message("order/1")).await;
    send(&shop, 0).await;
    let mut db = shop.server.database.read().await.unwrap();
    let noted: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM mails WHERE sent_at IS NOT NULL")
        .fetch_one(&mut *db)
        .await
        .unwrap();
    assert_eq!((noted, mailbox::of(&shop).len()), (1, 1));
}

async fn of_two_servers_one_sends_a_mail(shop: Shop) {
    let other = shop.another_server().await;
    for n in 0..20 {
        queue(&shop, message(&format!("order/{n}"))).await;
    }
    tokio::join!(send(&shop, 0), send(&other, 0));
    let mut db = shop.server.database.read().await.unwrap();
    let attempts: Vec<i64> =
        sqlx::query_scalar("SELECT attempts FROM mails").fetch_all(&mut *db).await.unwrap();
    assert_eq!(attempts, [1; 20]);
    assert_eq!(mailbox::of(&shop).len(), 20);
}

async fn with_server(server: &MailServer) -> Shop {
    let flags = ["--origin", "http://shop.example", "--mail-from", "Pets <pets@shop.example>"];
    Shop::with_secrets(&flags, &[("MENAGERIE_SMTP", server.address())]).await
}

#[tokio::test]
async fn a_mail_server_gets_it() {
    let server = MailServer::start(&[]).await;
    let shop = with_server(&server).await;
    queue(&shop, message("order/1")).await;
    send(&shop, 0).await;
    send(&shop, 60).await;
    let got = server.got();
    assert_eq!(got.len(), 1);
    assert_eq!((got[0].from.as_str(), got[0].to.as_str()), ("pets@shop.example", "ada@example.org"));
    // SMTP ends a text with a line of its own.
    assert_eq!(mailbox::read(&got[0].data).text.trim_end(), "Hello Ada,\n\nit comes to 9,90 €.");
    assert!(mailbox::of(&shop).is_empty());
}

#[tokio::test]
async fn a_host_with_umlauts_is_written_to() {
    let server = MailServer::start(&[]).await;
    let shop = with_server(&server).await;
    queue(&shop, Message { to: "ada@bücher.example".to_owned(), ..message("order/1") }).await;
    send(&shop, 0).await;
    let got = server.got();
    assert_eq!(got.len(), 1, "also by a server that takes nothing beyond ASCII");
    assert_eq!(got[0].to, "ada@xn--bcher-kva.example");
}

#[tokio::test]
async fn what_is_not_taken_is_tried_again_later() {
    let server = MailServer::start(&["451 busy", "451 busy"]).await;
    let shop = with_server(&server).await;
    queue(&shop, message("order/1")).await;
    send(&shop, 0).await;
    assert_eq!((server.got().len(), server.asked()), (0, 1));
    send(&shop, 0).await;
    assert_eq!(server.asked(), 1, "not at once");
    send(&shop, 2).await;
    assert_eq!((server.got().len(), server.asked()), (0, 2));
    send(&shop, 4).await;
    assert_eq!(server.asked(), 2, "longer each time");
    send(&shop, 8).await;
    assert_eq!((server.got().len(), server.asked()), (1, 3));
    let id = mailbox::read(&server.got()[0].data).header("Message-ID").to_owned();
    assert!(id.ends_with("@shop.example>"), "{id}");
}

#[tokio::test]
async fn in_a_long_round_pauses_begin_when_they_begin() {
    let server = MailServer::start(&["451 busy"]).await;
    let shop = with_server(&server).await;
    queue(&shop, message("order/1")).await;
    // The round began five minutes ago.
    send(&shop, -5).await;
    assert_eq!(server.asked(), 1);
    send(&shop, 0).await;
    assert_eq!(server.asked(), 1, "not at once");
    send(&shop, 2).await;
    assert_eq!(server.got().len(), 1);
}

#[tokio::test]
async fn a_mailbox_that_is_not_there_is_given_up() {
    let server = MailServer::start(&["550 5.1.1 no such mailbox"]).await;
    let shop = with_server(&server).await;
    queue(&shop, message("order/1")).await;
    send(&shop, 0).await;
    send(&shop, 10_000).await;
    assert_eq!((server.got().len(), server.asked()), (0, 1));
    queue(&shop, Message { to: "no address".to_owned(), ..message("order/2") }).await;
    queue(&shop, message("order/3")).await;
    send(&shop, 0).await;
    assert_eq!(server.got().len(), 1, "one that cannot be written to holds nobody up");
}

#[tokio::test]
async fn what_the_owner_can_mend_is_tried_again() {
    let refusals = [
        "550 5.7.1 relaying denied",
        "553 5.7.1 not your sender",
        "550 relaying denied",
        "550 5.1.1 no such mailbox",
    ];
    let server = MailServer::start(&refusals).await;
    let shop = with_server(&server).await;
    queue(&shop, message("order/1")).await;
    for (minutes, asked) in [(0, 1), (2, 2), (8, 3), (30, 4), (10_000, 4)] {
        send(&shop, minutes).await;
        assert_eq!((server.got().len(), server.asked()), (0, asked), "after {minutes} minutes");
    }
}

#[tokio::test]
async fn an_answer_that_comes_too_late_is_not_taken_for_that_of_another_mail() {
    let server = MailServer::start(&[]).await;
    let shop = with_server(&server).await;
    queue(&shop, message("order/1")).await;
    server.is_slow();
    tokio::select! {
        // As when the time for it is over.
        () = server.keeps_somebody_waiting() => {}
        () = send(&shop, 0) => panic!("it is not answered yet"),
    }
    server.go_on();
    let got = async {
        while server.got().is_empty() {
            tokio::task::yield_now().await;
        }
    };
    within("a mail", got).await;
    queue(&shop, message("order/2")).await;
    server.refuses_text("451 busy");
    send(&shop, 0).await;
    assert_eq!((server.got().len(), server.asked()), (1, 2), "the other one is not taken");
    send(&shop, 2).await;
    let key = |at: usize| mailbox::read(&server.got()[at].data).header("Message-ID").to_owned();
    assert_eq!((server.got().len(), server.asked()), (2, 3), "so it is tried again");
    assert_ne!(key(0), key(1));
    // What nobody heard of goes out again later, and can be told by its name.
    send(&shop, 15).await;
    assert_eq!(server.asked(), 3, "another server's clock may be ahead");
    send(&shop, 40).await;
    assert_eq!((server.got().len(), key(2)), (3, key(0)));
}

#[tokio::test]
async fn a_mail_server_that_is_away_loses_nothing() {
    let server = MailServer::start(&[]).await;
    let address = server.address();
    let port = server.stop().await;
    let flags = ["--origin", "http://shop.example"];
    let shop = Shop::with_secrets(&flags, &[("MENAGERIE_SMTP", address)]).await;
    queue(&shop, message("order/1")).await;
    send(&shop, 0).await;
    let server = MailServer::start_at(port, &[]).await;
    send(&shop, 2).await;
    assert_eq!(server.got().len(), 1);
}

#[tokio::test]
async fn a_server_that_died_on_the_way_sends_it_later_with_the_same_id() {
    let shop = Shop::sqlite(&[]).await;
    queue(&shop, message("order/1")).await;
    send(&shop, 0).await;
    let first = mailbox::of(&shop).remove(0);
    // As it was when the mail was taken, before it was noted as sent.
    let mut db = shop.server.database.write().await.unwrap();
    let again = "UPDATE mails SET sent_at = NULL, next_at = 1, recipient = 'ada@example.org', text = 'x'";
    sqlx::query(again).execute(&mut *db).await.unwrap();
    db.commit().await.unwrap();
    send(&shop, 0).await;
    let mails = mailbox::of(&shop);
    assert_eq!(mails.len(), 1, "in the folder it takes the other's place");
    assert_eq!(mails[0].header("Message-ID"), first.header("Message-ID"));
}

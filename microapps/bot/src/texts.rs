//! What the widget itself says, in the languages that it speaks.

/// A language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English, and whoever speaks none of the others.
    #[default]
    English,
    /// German.
    German,
}

/// All languages, in the order of the switch.
pub const LANGUAGES: [Language; 2] = [Language::English, Language::German];

impl Language {
    /// Of a code such as `de-AT`.
    pub fn of(code: &str) -> Self {
        let root = code.get(..crate::text::end_before(code, b"-_")).unwrap_or_default();
        if root.eq_ignore_ascii_case("de") { Self::German } else { Self::English }
    }

    /// ISO 639-1.
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }

    /// Its own name.
    pub fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::German => "Deutsch",
        }
    }

    /// What the widget says in it.
    pub fn texts(self) -> &'static Texts {
        match self {
            Self::English => &ENGLISH,
            Self::German => &GERMAN,
        }
    }
}

/// What the widget says.
pub struct Texts {
    pub title: &'static str,
    pub subtitle: &'static str,
    pub subtitle_server: &'static str,
    pub open: &'static str,
    pub close: &'static str,
    pub messages: &'static str,
    pub placeholder: &'static str,
    pub send: &'static str,
    pub language: &'static str,
    pub clear: &'static str,
    pub cleared: &'static str,
    pub failed: &'static str,
    pub retry: &'static str,
    pub too_long: &'static str,
    pub left: &'static str,
    pub suggestions: &'static str,
    pub said_by_you: &'static str,
    pub said_by_bot: &'static str,
    pub speak: &'static str,
    pub stop_listening: &'static str,
    pub listening: &'static str,
    pub not_heard: &'static str,
    pub aloud: &'static str,
    pub consent_title: &'static str,
    pub consent_in: &'static str,
    pub consent_out: &'static str,
    pub agree: &'static str,
    pub decline: &'static str,
    pub in_cart: &'static str,
    pub not_in_cart: &'static str,
    pub dismiss: &'static str,
    pub kept_nowhere: &'static str,
}

static ENGLISH: Texts = Texts {
    title: "Menagerie",
    subtitle: "Answers in your browser",
    subtitle_server: "Usually answers at once",
    open: "Open chat",
    close: "Close chat",
    messages: "Messages",
    placeholder: "Write a message",
    send: "Send",
    language: "Language",
    clear: "Start anew and forget this conversation",
    cleared: "The conversation is forgotten.",
    failed: "This could not be sent.",
    retry: "Try again",
    too_long: "characters too many",
    left: "characters left",
    suggestions: "Suggested answers",
    said_by_you: "You: ",
    said_by_bot: "Answer: ",
    speak: "Speak your message",
    stop_listening: "Stop listening",
    listening: "Listening …",
    not_heard: "Nothing was heard. You can write instead.",
    aloud: "Read answers aloud",
    consent_title: "Where the sound goes",
    consent_in: "Your browser turns what you say into text. Most send the sound to their maker for that, such as Google, Microsoft or Apple. We get the text alone, when you send it.",
    consent_out: "Your browser reads the answers aloud. Where it has no voice of its own, it sends their text to its maker, such as Google, Microsoft or Apple.",
    agree: "Agree",
    decline: "No, thank you",
    in_cart: "It is in your cart.",
    not_in_cart: "It could not be put into the cart.",
    dismiss: "Dismiss",
    kept_nowhere: "This browser keeps nothing for us: the conversation ends with this page.",
};

static GERMAN: Texts = Texts {
    title: "Menagerie",
    subtitle: "Antwortet in Ihrem Browser",
    subtitle_server: "Antwortet meist sofort",
    open: "Chat öffnen",
    close: "Chat schließen",
    messages: "Nachrichten",
    placeholder: "Nachricht schreiben",
    send: "Senden",
    language: "Sprache",
    clear: "Neu beginnen und dieses Gespräch vergessen",
    cleared: "Das Gespräch ist vergessen.",
    failed: "Das konnte nicht gesendet werden.",
    retry: "Noch einmal versuchen",
    too_long: "Zeichen zu viel",
    left: "Zeichen übrig",
    suggestions: "Vorschläge",
    said_by_you: "Sie: ",
    said_by_bot: "Antwort: ",
    speak: "Nachricht sprechen",
    stop_listening: "Nicht mehr zuhören",
    listening: "Ich höre zu …",
    not_heard: "Es war nichts zu hören. Schreiben geht auch.",
    aloud: "Antworten vorlesen",
    consent_title: "Wohin der Ton geht",
    consent_in: "Ihr Browser macht aus dem, was Sie sagen, Text. Die meisten schicken den Ton dafür an ihren Hersteller, etwa Google, Microsoft oder Apple. Wir bekommen nur den Text, wenn Sie ihn senden.",
    consent_out: "Ihr Browser liest die Antworten vor. Wo er keine eigene Stimme hat, schickt er ihren Text an seinen Hersteller, etwa Google, Microsoft oder Apple.",
    agree: "Einverstanden",
    decline: "Nein danke",
    in_cart: "Es liegt im Warenkorb.",
    not_in_cart: "Es konnte nicht in den Warenkorb gelegt werden.",
    dismiss: "Ausblenden",
    kept_nowhere: "Dieser Browser bewahrt nichts für uns auf: Das Gespräch endet mit dieser Seite.",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_by_code() {
        for (code, expected) in [
            ("de", "de"),
            ("de-AT", "de"),
            ("DE_ch", "de"),
            ("en-GB", "en"),
            ("", "en"),
            ("den", "en"),
            ("fr", "en"),
        ] {
            assert_eq!(Language::of(code).code(), expected, "{code}");
        }
    }
}

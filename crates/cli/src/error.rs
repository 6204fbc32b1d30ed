use contract::{
    code::{Code, INTERNAL, RELEASE_HELD, ROLLOUT_ENDED_BADLY, ROLLOUT_UNFINISHED, TABLE},
    shop::problem::Problem,
};

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A release is at fault, or what it is made of.
    #[error(transparent)]
    Release(#[from] release::Error),
    /// The server said no.
    #[error("{}", one_sentence(.0))]
    Refused(Problem),
    /// What was asked for could be told, and is bad news.
    #[error("{error}")]
    BadNews {
        /// The news.
        output: String,
        /// What is bad about it.
        error: Box<Error>,
    },
    /// Whether something is good could not be found out.
    #[error(transparent)]
    NotChecked(Box<Error>),
    /// Something about a microapp, which the way out names.
    #[error("{error}")]
    OfApp {
        /// Its name.
        app: String,
        /// What it is.
        error: Box<Error>,
    },
    /// Anything else that has a number.
    #[error("{code} {what}")]
    Numbered {
        /// The number.
        code: Code,
        /// What happened, in one sentence, with the place of the fault.
        what: String,
        /// Whether that says the way out, too.
        has_way_out: bool,
    },
}

impl Error {
    /// An error with a number of ours.
    pub fn new(code: Code, what: impl Into<String>) -> Self {
        Self::Numbered { code, what: what.into(), has_way_out: false }
    }

    /// The number.
    pub fn code(&self) -> Code {
        match self {
            Self::Release(error) => error.code,
            Self::Refused(problem) => {
                problem.code.strip_prefix('E').and_then(|number| number.parse().ok()).map_or(INTERNAL, Code)
            }
            Self::BadNews { error, .. } | Self::OfApp { error, .. } | Self::NotChecked(error) => error.code(),
            Self::Numbered { code, .. } => *code,
        }
    }

    /// The same, after an answer that is printed all the same.
    pub fn with_output(self, output: String) -> Self {
        Self::BadNews { output, error: Box::new(self) }
    }

    /// The same of a microapp, for the `APP` of the table.
    pub fn of(self, app: &str) -> Self {
        Self::OfApp { app: app.to_owned(), error: Box::new(self) }
    }

    /// The same, with another way out than that of the table.
    pub fn or(self, way: &str) -> Self {
        match self {
            Self::Numbered { code, what, .. } => {
                Self::Numbered { code, what: format!("{what}; {way}"), has_way_out: true }
            }
            other => other,
        }
    }

    /// What is printed before the message.
    pub fn output(&self) -> Option<&str> {
        match self {
            Self::BadNews { output, .. } => Some(output),
            _ => None,
        }
    }

    /// What a pipeline sees: 2 a check that could not be made, 3 a rollout that went back, 4 one that did not end in time, 5 a release that is held, 1 all else.
    pub fn exit_code(&self) -> u8 {
        if matches!(self, Self::NotChecked(_)) {
            return 2;
        }
        match self.code() {
            ROLLOUT_ENDED_BADLY => 3,
            ROLLOUT_UNFINISHED => 4,
            RELEASE_HELD => 5,
            _ => 1,
        }
    }

    /// What the reader can do about it, from the table of numbers.
    fn way_out(&self) -> String {
        match self {
            Self::BadNews { error, .. } | Self::NotChecked(error) => error.way_out(),
            Self::OfApp { app, error } => error.way_out().replace("APP", app),
            Self::Numbered { has_way_out: true, .. } => String::new(),
            _ => {
                let entry = TABLE.iter().find(|entry| entry.code == self.code());
                entry.map_or("", |entry| entry.way_out).to_owned()
            }
        }
    }

    /// The whole message for people: what happened, and the way out.
    pub fn message(&self) -> String {
        let said = self.to_string();
        match self.way_out().as_str() {
            "" => said,
            // Some lines of the table only say that the message has the way out, which it then does.
            way_out if way_out.starts_with("The message") => said,
            // The server often says it with names in the place of APP and VERSION.
            way_out if said.contains(&way_out.split(' ').take(3).collect::<Vec<_>>().join(" ")) => said,
            way_out => format!("{}. {way_out}", said.trim_end_matches('.')),
        }
    }
}

fn one_sentence(problem: &Problem) -> String {
    let title = match problem.fields.is_empty() {
        true => &problem.title,
        false => problem.title.trim_end_matches('.'),
    };
    let fields = problem.fields.iter().map(|field| format!("; {}: {}", field.field, field.message));
    let request = match problem.request_id.as_str() {
        "" => String::new(),
        id => format!(" (request {id})"),
    };
    format!("{} {title}{}{request}", problem.code, fields.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::{code, shop::problem::FieldProblem};

    #[test]
    fn messages_have_number_place_and_way_out() {
        let error = Error::new(code::PORT_TAKEN, "port 8080 is taken");
        assert_eq!(error.message(), "E511 port 8080 is taken. Stop it, or choose another `--port`.");
        let error = Error::new(code::TOOL_MISSING, "`trunk` is missing; by hand: cargo install trunk");
        assert_eq!(error.message(), "E601 `trunk` is missing; by hand: cargo install trunk");
        let error = Error::new(code::RELEASE_FILE_MISSING, "cart has no release")
            .or("`menagerie build cart` makes one");
        let message = "E104 cart has no release; `menagerie build cart` makes one";
        assert_eq!(error.message(), message);
        assert_eq!(Error::NotChecked(Box::new(error.with_output(String::new()))).message(), message);
    }

    #[test]
    fn a_way_out_is_said_once() {
        let title = "cart 1.5.0 newly uses clipboard. An operator looks at that and says `menagerie releases allow cart 1.5.0`.";
        let problem = Problem {
            code: "E523".into(),
            status: 409,
            title: title.into(),
            fields: Vec::new(),
            request_id: String::new(),
        };
        assert_eq!(Error::Refused(problem).message(), format!("E523 {title}"));
        let error = Error::new(code::ROLLOUT_STATE, "No rollout of cart is under way.").of("cart");
        let way_out = "`menagerie rollout status cart` shows where it stands.";
        assert_eq!(error.message(), format!("E525 No rollout of cart is under way. {way_out}"));
        assert_eq!((error.code(), error.exit_code()), (code::ROLLOUT_STATE, 1));
    }

    #[test]
    fn what_the_server_refuses_is_one_message() {
        let error = Error::Refused(Problem {
            code: "E420".into(),
            status: 422,
            title: "The catalogue is not valid.".into(),
            fields: vec![FieldProblem {
                field: "row 7, Variant Price".into(),
                message: "is not a price".into(),
            }],
            request_id: "r1".into(),
        });
        assert_eq!(error.code(), code::CATALOGUE_INVALID);
        assert_eq!(
            error.message(),
            "E420 The catalogue is not valid; row 7, Variant Price: is not a price (request r1). \
             Mend the row and column that the message names, then load it again."
        );
    }
}

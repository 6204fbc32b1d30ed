"""Talks to the server with Google's own client library, as its documentation shows."""

import sys

from google.api_core import exceptions
from google.auth.credentials import AnonymousCredentials
from google.cloud import dialogflow_v2 as dialogflow
from google.cloud.dialogflow_v2.services.contexts.transports import ContextsRestTransport
from google.cloud.dialogflow_v2.services.sessions.transports import SessionsRestTransport
from google.protobuf import field_mask_pb2, struct_pb2

place = dict(host=sys.argv[1], url_scheme="http", credentials=AnonymousCredentials())
sessions = dialogflow.SessionsClient(transport=SessionsRestTransport(**place))
contexts = dialogflow.ContextsClient(transport=ContextsRestTransport(**place))
session = sessions.session_path("petstore", "python")


def say(text, language="en", **parameters):
    query = dialogflow.QueryInput(text=dialogflow.TextInput(text=text, language_code=language))
    request = dialogflow.DetectIntentRequest(
        session=session, query_input=query, query_params=dialogflow.QueryParameters(**parameters)
    )
    return sessions.detect_intent(request=request)


# an event
event = dialogflow.EventInput(name="WELCOME", language_code="en")
answer = sessions.detect_intent(session=session, query_input=dialogflow.QueryInput(event=event))
assert answer.query_result.intent.display_name == "Default Welcome Intent", answer
assert "fact" in answer.query_result.fulfillment_text, answer
assert answer.response_id

# text, with a webhook behind it
answer = say("a joke about cats")
result = answer.query_result
assert result.intent.display_name == "say-content", answer
assert dict(result.parameters)["topic"] == "cats", answer
assert result.webhook_source == "bundled" and answer.webhook_status.code == 0, answer
assert result.fulfillment_messages[0].text.text[0] in result.fulfillment_text, answer
assert result.output_contexts[0].lifespan_count == 5, answer

# slots
answer = say("where is my order")
assert not answer.query_result.all_required_params_present, answer
answer = say("M-10042")
assert "e-mail" in answer.query_result.fulfillment_text, answer
answer = say("ada@example.org")
assert answer.query_result.all_required_params_present, answer
assert "M-10042" in answer.query_result.fulfillment_text, answer

# rich content
answer = say("dog beds under 50 dollars")
payload = answer.query_result.fulfillment_messages[1].payload
assert payload["richContent"][0][0]["type"] == "info", answer
assert dict(answer.query_result.parameters)["price"]["amount"] == 50, answer

# German, the end
answer = say("tschüss", "de", time_zone="Europe/Vienna")
assert answer.query_result.intent.end_interaction, answer

# contexts
contexts.delete_all_contexts(parent=session)
assert list(contexts.list_contexts(parent=session)) == []
parameters = struct_pb2.Struct()
parameters.update({"content": "fact", "topic": "dogs"})
name = contexts.context_path("petstore", "python", "content")
made = contexts.create_context(
    parent=session, context=dialogflow.Context(name=name, lifespan_count=3, parameters=parameters)
)
assert made.name == name and made.lifespan_count == 3, made
assert contexts.get_context(name=name).parameters["topic"] == "dogs"
answer = say("another one")
assert dict(answer.query_result.parameters)["content"] == "fact", answer
changed = contexts.update_context(
    context=dialogflow.Context(name=name, lifespan_count=7),
    update_mask=field_mask_pb2.FieldMask(paths=["lifespan_count"]),
)
assert changed.lifespan_count == 7 and changed.parameters["content"] == "fact", changed
assert [context.name for context in contexts.list_contexts(parent=session)] == [name]
contexts.delete_context(name=name)
answer = say("another one", contexts=[dialogflow.Context(name=name, lifespan_count=1, parameters=parameters)])
assert answer.query_result.intent.display_name == "more", answer


# errors
def refused(kind, call):
    try:
        call()
    except kind as error:
        assert error.message, error
    else:
        raise AssertionError(f"{kind} was expected")


refused(exceptions.BadRequest, lambda: say("x" * 257))
refused(exceptions.BadRequest, lambda: say(""))
refused(exceptions.NotFound, lambda: contexts.get_context(name=contexts.context_path("petstore", "python", "no")))
session = sessions.session_path("nobody", "python")
refused(exceptions.NotFound, lambda: say("hello"))
print("all of it works")

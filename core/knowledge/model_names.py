"""Names of embedding models that are Roost's own. Apart from the models, so that naming one imports nothing."""

#: The model that runs on this machine, with no key and no network: where none is configured.
LOCAL_MODEL = "local:minilm"

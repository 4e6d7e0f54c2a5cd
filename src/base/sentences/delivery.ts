/** Brokers, topics and the delivery of events. */
export const delivery = {
  'topic-hole': { text: 'the topic {template} names {hole}, which is not known', hint: 'Known are {known}.' },
  'topic-wildcard': {
    text: 'the topic "{template}" cannot be published to',
    hint: 'A topic is not empty and has no +, no #, no control characters and no brace without its twin.',
  },
  'topic-needs': {
    text: 'the topic {template} has no level {level} of its own',
    hint: 'A command must say for whom it is, and its level is read back: write it like {example}.',
  },
  'topic-loop': {
    text: 'what goes out on {template} would come back as a command on {commands}',
    hint: 'Give the two topics different levels.',
  },
  'broker-url': {
    text: 'this is no address of an MQTT broker',
    hint: 'Write mqtt://host:1883 or mqtts://host:8883.',
  },
  'broker-credentials-in-url': {
    text: 'the broker address holds a user name or password',
    hint: 'Addresses are logged and shown: use the options username and password, as env:NAME or file:PATH.',
  },
  'count-field': {
    text: 'the count says {field}: {value}, which cannot be',
    hint: 'It names its counter and has free or occupied, or in and out, and perhaps a time.',
  },
  'count-no-json': { text: 'the count is no number and no JSON: {text}' },
  'http-url': { text: 'this is no address of a web service', hint: 'Write https://host/path or http://host/path.' },
  'http-credentials-in-url': {
    text: 'the address of the web service holds a user name or password',
    hint: 'Addresses are logged and shown: use the options token, or username and password, as env:NAME or file:PATH.',
  },
  'mqtt-needs-5': {
    text: '{field} is something that MQTT 3.1.1 cannot say',
    hint: 'Set protocol to 5, if the broker speaks it.',
  },
  'tls-half': { text: 'a certificate needs its key, and a key its certificate', hint: 'Give cert and key together.' },
  'tls-without': {
    text: '{field} is of no use without TLS',
    hint: 'Write the address with mqtts:// or https://.',
  },
  'tls-file': {
    text: '{file} holds no {what} in PEM that can be read',
    hint: 'PEM begins with -----BEGIN; a key must have no passphrase.',
  },
  'tls-pair': {
    text: 'the certificate {cert} and the key {key} do not belong together',
    hint: 'For a pair, openssl x509 -noout -pubkey and openssl pkey -pubout print the same.',
  },
} as const;

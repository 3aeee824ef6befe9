// Puts messages and stack traces of failures into a payload, which the codec then encrypts. CommonJS without types: the
// SDK loads it by path, with `require` in Node and into the workflow bundle.
const { DefaultFailureConverter } = require('@temporalio/common')

exports.failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true })

// The locale file is a CommonJS module; this gives it the place where it leaves what it exports.
var module = {};

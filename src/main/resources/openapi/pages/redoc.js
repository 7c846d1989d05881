// The search would be a worker made of text, which the page's policy forbids.
Redoc.init('/openapi.json', { disableSearch: true }, document.getElementById('api'));

// Times sra-polyglot on the strings: it reads and writes in one call, and refuses nothing.
const fs = require('fs');
const path = require('path');
const polyglot = require('sra-polyglot');

const ROUNDS = 9;
const file = path.join(process.env.GLEANER_REAL_DATA, 'query', 'real_queries.json');
const strings = JSON.parse(fs.readFileSync(file, 'utf8')).filter(({platform}) => ['pubmed', 'ovid'].includes(platform));
const median = numbers => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

const times = [];
for (const {platform, query} of strings) {
	const rounds = [];
	for (let round = 0; round < ROUNDS; round++) {
		const start = process.hrtime.bigint();
		polyglot.translate(query, platform == 'pubmed' ? 'wos' : 'pubmed');
		rounds.push(Number(process.hrtime.bigint() - start) / 1e6);
	}
	times.push(median(rounds));
}
console.log(`sra-polyglot: read and written ${times.length}: median ${median(times).toFixed(3)} ms, slowest ${Math.max(...times).toFixed(3)} ms`);

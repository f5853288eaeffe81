/* The instruction mix of the interpreter's benchmark: CRC, linked list, matrix, state machine, one after another for ever. */
#include <stdint.h>

#define NODES 512
#define SIZE 24
#define TEXT 1024

struct node {
	struct node *next;
	uint32_t value;
};

volatile uint32_t mix_rounds;
volatile uint32_t mix_checksum;

static struct node nodes[NODES];
static uint32_t left[SIZE][SIZE], right[SIZE][SIZE], product[SIZE][SIZE];
static uint8_t text[TEXT];

void mix_main(void);

static uint32_t crc32(const uint8_t *bytes, uint32_t length)
{
	uint32_t crc = 0xFFFFFFFFu;
	for (uint32_t i = 0; i < length; i++) {
		crc ^= bytes[i];
		for (int bit = 0; bit < 8; bit++)
			crc = (crc >> 1) ^ (0xEDB88320u & (0u - (crc & 1u)));
	}
	return ~crc;
}

/* Links the nodes in a scattered order (a stride that is prime to their number), then walks and reverses the list. */
static uint32_t list(uint32_t seed)
{
	uint32_t at = 0, sum = 0;
	for (uint32_t i = 0; i < NODES; i++) {
		uint32_t next = (at + 193u) % NODES;
		nodes[at].value = seed + at;
		nodes[at].next = i + 1 < NODES ? &nodes[next] : 0;
		at = next;
	}
	struct node *before = 0;
	for (struct node *n = &nodes[0]; n;) {
		struct node *next = n->next;
		sum = sum * 31u + n->value;
		n->next = before;
		before = n;
		n = next;
	}
	return sum + before->value;
}

static uint32_t matrix(uint32_t seed)
{
	for (uint32_t i = 0; i < SIZE; i++)
		for (uint32_t j = 0; j < SIZE; j++) {
			left[i][j] = seed + i * j;
			right[i][j] = seed ^ (i + j);
		}
	uint32_t trace = 0;
	for (uint32_t i = 0; i < SIZE; i++)
		for (uint32_t j = 0; j < SIZE; j++) {
			uint32_t sum = 0;
			for (uint32_t k = 0; k < SIZE; k++)
				sum += left[i][k] * right[k][j];
			product[i][j] = sum;
			trace += sum;
		}
	return trace;
}

/* Counts numbers, words and signs in a text: one state a character. */
static uint32_t machine(void)
{
	enum { START, NUMBER, WORD, SIGN } state = START;
	uint32_t counts[4] = { 0, 0, 0, 0 };
	for (uint32_t i = 0; i < TEXT; i++) {
		uint8_t c = text[i];
		int next = c >= '0' && c <= '9' ? NUMBER : c >= 'a' && c <= 'z' ? WORD : c == ' ' ? START : SIGN;
		switch (state) {
		case START:
			counts[next]++;
			break;
		case NUMBER:
			if (next == WORD)
				next = NUMBER;
			break;
		case WORD:
			if (next == NUMBER)
				next = WORD;
			break;
		case SIGN:
			if (next != SIGN)
				counts[SIGN]++;
			break;
		}
		state = next;
	}
	return counts[NUMBER] + (counts[WORD] << 8) + (counts[SIGN] << 20);
}

void mix_main(void)
{
	uint32_t random = 12345;
	for (uint32_t i = 0; i < TEXT; i++) {
		random = random * 1103515245u + 12345u;
		text[i] = " 0123456789abcdefghijklmnopqrstu+-*"[(random >> 16) % 35u];
	}
	for (;;) {
		mix_checksum = mix_checksum * 17u + crc32(text, TEXT) + list(mix_rounds) + matrix(mix_rounds) + machine();
		mix_rounds++;
	}
}

/* Text: words of a generated text are found, hashed, compared and counted; the text is searched for a phrase. */
#include "suite.h"

#define TEXT_BYTES 4096
#define TABLE 256
#define LONGEST 8

struct word {
    const char *text;
    uint32_t length;
    uint32_t count;
};

static char text[TEXT_BYTES + 1];
static struct word table[TABLE];

static void write_text(uint32_t seed)
{
    uint32_t state = seed;
    uint32_t at = 0;

    while (at < TEXT_BYTES) {
        uint32_t word = suite_next(&state) >> 26; /* one of 64 words */
        uint32_t length = 2 + word % (LONGEST - 1);
        for (uint32_t i = 0; i < length && at < TEXT_BYTES; i++) {
            text[at++] = (char)('a' + (word * 7 + i * 5) % 26);
        }
        if (at < TEXT_BYTES) {
            text[at++] = ' ';
        }
    }
    text[TEXT_BYTES] = '\0';
}

static int same(const char *a, const char *b, uint32_t length)
{
    while (length != 0 && *a == *b) {
        a++;
        b++;
        length--;
    }
    return length == 0;
}

__attribute__((noinline)) static void count_word(const char *start, uint32_t length)
{
    uint32_t hash = 5381;

    for (uint32_t i = 0; i < length; i++) {
        hash = hash * 33 + (uint8_t)start[i];
    }
    struct word *entry = &table[hash % TABLE];
    while (entry->text != 0 && (entry->length != length || !same(entry->text, start, length))) {
        entry = entry == &table[TABLE - 1] ? table : entry + 1;
    }
    entry->text = start;
    entry->length = length;
    entry->count++;
}

static void count_words(void)
{
    const char *at = text;

    for (uint32_t i = 0; i < TABLE; i++) {
        table[i] = (struct word){ 0, 0, 0 };
    }
    while (*at != '\0') {
        const char *start = at;
        while (*at != ' ' && *at != '\0') {
            at++;
        }
        count_word(start, (uint32_t)(at - start));
        if (*at == ' ') {
            at++;
        }
    }
}

static uint32_t search(const char *phrase, uint32_t length)
{
    uint32_t found = 0;

    for (uint32_t i = 0; i + length <= TEXT_BYTES; i++) {
        found += (uint32_t)(text[i] == phrase[0] && same(&text[i], phrase, length));
    }
    return found;
}

uint32_t text_run(uint32_t iterations)
{
    uint32_t sum = 0;

    for (uint32_t i = 0; i < iterations; i++) {
        write_text(i + 6);
        count_words();
        for (uint32_t w = 0; w < TABLE; w++) {
            sum = suite_mix(sum, table[w].count);
        }
        sum = suite_mix(sum, search("af ", 3));
    }
    return sum;
}

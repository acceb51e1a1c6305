/*
 * fuzz_summary.c - any bytes as a header to be summarised
 *
 * Every text is there, is UTF-8 and the key that it claims to be; ids have no
 * white space in them; a base subject has nothing more to be taken off.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/base/utf8.h"
#include "proxy/format/mime_charset.h"
#include "proxy/format/mime_summary.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_texts(struct arena *arena, const struct mime_summary *summary)
{
    const char *const keys[] = { summary->base_subject, summary->from,
                                 summary->to,           summary->cc,
                                 summary->display_from, summary->display_to };
    const char *const texts[] = { summary->all_subject, summary->all_from,
                                  summary->all_to, summary->all_cc,
                                  summary->all_bcc };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        assert(utf8_valid(keys[i], strlen(keys[i])));
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert(str_equal(texts[i], mime_fold_case(arena, texts[i])));
}

static void check_ids(struct arena *arena, const struct mime_summary *summary)
{
    assert(strpbrk(summary->message_id, " \t\r\n") == NULL);
    char **ids = str_split(arena, summary->references, " ");
    size_t len = 0;
    for (; *ids != NULL; ids++) {
        assert(strchr(*ids, '@') != NULL);
        len += strlen(*ids) + 1;
    }
    assert(len == 0 || len == strlen(summary->references) + 1);
}

static bool is_ascii(const char *text)
{
    while (*text != '\0' && (unsigned char)*text < 0x80)
        text++;
    return *text == '\0';
}

static void check_subject(struct arena *arena,
                          const struct mime_summary *summary)
{
    /* A decoded word may hold what looks like one, and casemap makes "re" of
     * wide letters. */
    if (strstr(summary->base_subject, "=?") != NULL ||
        !is_ascii(summary->all_subject))
        return;
    struct mime_summary again;
    const char *header =
        arena_printf(arena, "Subject: %s\r\n", summary->base_subject);
    mime_summarize(arena, header, strlen(header), &again);
    assert(!again.is_reply);
    assert(strlen(again.base_subject) <= strlen(summary->base_subject));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    struct mime_summary summary;
    mime_summarize(arena, (const char *)data, size, &summary);
    check_texts(arena, &summary);
    check_ids(arena, &summary);
    check_subject(arena, &summary);
    arena_free(&arena);
    return 0;
}

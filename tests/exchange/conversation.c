/*
 * conversation.c - which messages belong together
 *
 * Exchange gives each message a conversation when it comes, and it keeps it:
 * that of the Thread-Index, if there is one; else that of the message which it
 * answers, as long as the subject stays the same; else, for a "Re:" without
 * references, that of the last one with this subject; else one of its own.
 */
#include "tests/exchange/model.h"

#include <string.h>

#include "proxy/base/base64.h"
#include "proxy/base/str.h"
#include "tests/exchange/letter.h"
#include "tests/exchange/text.h"

/* How far back what is answered is looked for. */
#define LOOK_BACK 1000
#define INDEX_HEADER 6
#define INDEX_GUID 16

static uint64_t hash_more(uint64_t hash, const void *data, size_t len)
{
    const unsigned char *at = data;

    for (size_t i = 0; i < len; i++)
        hash = (hash ^ at[i]) * 0x100000001b3u;
    return hash;
}

static uint64_t hash_of(const char *text)
{
    return text == NULL
               ? 0
               : hash_more(0xcbf29ce484222325u, text, strlen(text));
}

const char *sim_topic(const char *subject)
{
    static const char *const marks[] = { "re:",  "fw:", "fwd:",
                                         "aw:", "wg:" };

    for (bool more = subject != NULL; more;) {
        more = false;
        for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
            if (str_starts_nocase(subject, marks[i])) {
                subject += strlen(marks[i]);
                subject += strspn(subject, " ");
                more = true;
            }
    }
    return subject;
}

/* The conversation of a Thread-Index; 0 if there is none. */
static uint64_t read_index(struct arena *arena, const char *index)
{
    size_t len = 0;
    char *raw = index == NULL
                    ? NULL
                    : base64_decode(arena, index, strlen(index), &len);

    return raw == NULL || len < INDEX_HEADER + INDEX_GUID
               ? 0
               : hash_more(0xcbf29ce484222325u, raw + INDEX_HEADER,
                           INDEX_GUID);
}

/* The first or the last "<...>" of a list; NULL for none. */
static const char *message_id(struct arena *arena, const char *list, bool last)
{
    const char *start =
        list == NULL ? NULL : last ? strrchr(list, '<') : strchr(list, '<');
    const char *end = start == NULL ? NULL : strchr(start, '>');

    return end == NULL ? NULL
                       : arena_strndup(arena, start, (size_t)(end + 1 - start));
}

/* The newest that has this Message-ID, or (0) any, and this topic. */
static uint64_t look_back(const struct sim_mailbox *mailbox, uint64_t id,
                          uint64_t topic)
{
    size_t from = mailbox->item_count;
    size_t to = from > LOOK_BACK ? from - LOOK_BACK : 0;

    while (from-- > to) {
        const struct sim_item *item = mailbox->items[from];

        if (item != NULL && item->topic == topic &&
            (id == 0 || item->message_id == id))
            return item->conversation;
    }
    return 0;
}

static uint64_t begun_by(uint64_t id, uint64_t topic)
{
    return hash_more(id, &topic, sizeof topic);
}

void sim_item_converse(struct sim_item *item, const struct sim_mailbox *mailbox)
{
    const struct sim_content *content = item->content;
    struct arena *arena = arena_new();
#define FIELD(name) \
    letter_field_text(arena, content->data, content->header_len, name)
    const char *subject = FIELD("Subject");
    const char *topic = sim_topic(subject);
    const char *root = message_id(arena, FIELD("References"), false);
    const char *parent = message_id(arena, FIELD("In-Reply-To"), true);
    uint64_t found;

    item->topic = hash_of(topic == NULL ? "" : text_fold(arena, topic));
    item->message_id = hash_of(message_id(arena, FIELD("Message-ID"), true));
    if (parent == NULL)
        parent = message_id(arena, FIELD("References"), true);
    found = read_index(arena, FIELD("Thread-Index"));
    if (found == 0 && parent != NULL)
        found = look_back(mailbox, hash_of(parent), item->topic);
    if (found == 0 && (root != NULL || parent != NULL))
        found = begun_by(hash_of(root != NULL ? root : parent), item->topic);
    if (found == 0 && topic != subject)
        found = look_back(mailbox, 0, item->topic);
    if (found == 0)
        found = begun_by(item->message_id != 0 ? item->message_id
                                               : item->serial + 1,
                         item->topic);
    item->conversation = found;
    arena_free(&arena);
#undef FIELD
}

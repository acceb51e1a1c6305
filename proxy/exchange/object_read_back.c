/*
 * object_read_back.c - what has become of a change
 *
 * A client that hears that what is read is what it has sent need not read it
 * (RFC 4791, 5.3.4).  And of changes to single days Exchange tells no change
 * key: what is read at once is taken for what was written, if it says the same,
 * so that the tags that the client is told do not move when the key is seen for
 * the first time.  Otherwise somebody else has come in between, and the client
 * is told those of a state that has passed.
 *
 * New objects are not read back: who brings a thousand of them reads them in
 * batches afterwards.
 */
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/exchange/object_writing.h"

struct reading_back {
    struct desk *desk;
    const struct index_object *row;
    struct index_object_content *content;
    enum status status;
};

static bool take_back(void *context, const struct remote_object_read *read)
{
    struct reading_back *back = context;
    struct arena *arena = back->desk->op->arena;
    struct index_object_content *content = back->content;

    back->status = read->status;
    if (back->status == STATUS_OK)
        back->status = object_make(back->desk, back->row, read, content);
    if (back->status != STATUS_OK)
        return true;
    /* These may be what was read, which does not live on. */
    content->change_key = arena_strdup(arena, read->object.change_key);
    content->uid = arena_strdup(arena, content->uid);
    content->text = arena_strdup(arena, content->text);
    return true;
}

enum status object_read_back(struct desk *desk, const struct index_object *row,
                             struct index_object_content *content_out)
{
    struct remote_object object = object_remote(row);
    struct reading_back back = { desk, row, content_out, STATUS_NOT_FOUND };

    *content_out = (struct index_object_content){ .row = row->row,
                                                  .revision = row->revision };
    desk_know_owner(desk);
    enum status status = desk_ask(desk, &object, 1, take_back, &back);
    if (status == STATUS_OK)
        status = back.status;
    return status != STATUS_OK
               ? status
               : index_object_keep(desk->op, desk->account->index, content_out,
                                   1);
}

/* Whether a text says what the client has. */
static bool says_the_same(struct writing *writing, const char *text)
{
    struct object_said now = object_understand(
        &writing->desk, writing->said.kind, text, strlen(text));
    const struct object_said *said = &writing->said;

    if (now.problem != OBJECT_FINE)
        return false;
    switch (said->kind) {
    case OBJECT_TASK:
        return task_differences(&now.calendar.task, &said->calendar.task) == 0;
    case OBJECT_CONTACT:
        return contact_equal(&now.contact, &said->contact);
    default:
        return meeting_same_but_answers(&now.calendar.series,
                                        &said->calendar.series) &&
               meeting_same_but_answers(&said->calendar.series,
                                        &now.calendar.series);
    }
}

/* Whether nobody else has come in between: the change key tells, or where
 * Exchange has told none, what is there. */
static bool is_own(struct writing *writing,
                   const struct index_object_content *content)
{
    const char *key = writing->result.change_key;

    return key != NULL ? str_equal(key, content->change_key)
                       : says_the_same(writing, content->text);
}

static bool is_as_sent(const struct writing *writing, const char *text)
{
    const char *shown = object_as_version(writing->desk.op, &writing->row,
                                          writing->said.version, text);

    return strlen(shown) == writing->len &&
           memcmp(shown, writing->text, writing->len) == 0;
}

/* Whether it is worth a call: a text of which nothing is kept is never the
 * client's to the octet, and a photo takes a call of its own. */
static bool is_worth_it(const struct writing *writing)
{
    return !writing->out->created && !writing->out->gone &&
           !writing->out->exact && writing->said.contact.photo == NULL &&
           (writing->kept != NULL || writing->result.change_key == NULL);
}

void writing_read_back(struct writing *writing)
{
    struct desk *desk = &writing->desk;
    struct index_object_content content;

    /* Whatever fails, the change has been made. */
    if (!is_worth_it(writing) ||
        object_read_back(desk, &writing->row, &content) != STATUS_OK ||
        object_row(desk, writing->name, &writing->row) != STATUS_OK ||
        writing->row.row != content.row || !is_own(writing, &content))
        return;
    writing->out->object = object_of(&writing->row);
    writing->out->exact = is_as_sent(writing, content.text);
}

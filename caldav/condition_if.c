/*
 * condition_if.c - the field If (RFC 4918, 10.4)
 *
 *     If: (["1-2"] <urn:token>) (Not ["1-3"])
 *     If: </users/ann/calendar/a.ics> (["1-2"])
 *
 * It holds if one of its lists does, and a list if all of its conditions do.
 * There are no locks here; the states that collections have are their tokens
 * for synchronisation (RFC 6578, 5).
 */
#include <string.h>

#include "caldav/condition.h"
#include "caldav/href.h"
#include "caldav/sync_token.h"
#include "caldav/tag.h"
#include "proxy/base/arena.h"
#include "proxy/base/str.h"

/* What the conditions are about: nothing has neither tag nor token. */
struct subject {
    const char *tag;
    const char *token;
    uint64_t revision;
};

struct reader {
    struct dav_call *call;
    const char *at;
    struct subject subject;
    bool is_own;       /* the subject is what the request is about */
    bool asked_of_tag; /* the list at hand has a condition on its tag */
};

static void skip_blanks(struct reader *reader)
{
    reader->at += strspn(reader->at, " \t");
}

static bool take(struct reader *reader, const char *text)
{
    skip_blanks(reader);
    if (!str_starts_nocase(reader->at, text))
        return false;
    reader->at += strlen(text);
    return true;
}

/* What stands between "<" and ">"; NULL if that does not come next. */
static const char *take_url(struct reader *reader)
{
    if (!take(reader, "<"))
        return NULL;
    size_t len = strcspn(reader->at, ">");
    if (reader->at[len] == '\0')
        return NULL;
    const char *url = arena_strndup(reader->call->op->arena, reader->at, len);
    reader->at += len + 1;
    return url;
}

/* --- What is asked about -------------------------------------------------- */

static enum status look_at(struct dav_call *call, const struct dav_place *place,
                           struct subject *subject_out)
{
    struct arena *arena = call->op->arena;
    bool is_folder = (DAV_KIND(place->kind) & DAV_FOLDERS) != 0;
    struct object_marks marks;
    struct object object = { 0 };

    *subject_out = (struct subject){ 0 };
    if (!is_folder && place->kind != DAV_OBJECT)
        return STATUS_OK;
    enum status status =
        objects_refresh(call->op, call->account, place->folder->id, &marks);
    if (status == STATUS_OK && is_folder)
        subject_out->token = dav_sync_token(arena, &marks);
    if (status == STATUS_OK && !is_folder)
        status = dav_object_find(call, place, &object);
    if (object.name != NULL) {
        subject_out->tag = dav_etag(arena, &marks, object.revision);
        subject_out->revision = object.revision;
    }
    return status;
}

/* What is on another host, or nowhere, has no state. */
static enum status look_at_url(struct reader *reader, const char *url)
{
    struct dav_call *call = reader->call;
    struct dav_place place;

    reader->subject = (struct subject){ 0 };
    reader->is_own = false;
    if (!dav_is_here(call, url))
        return STATUS_OK;
    enum status status = dav_place_look(&call->tree, url, &place);
    if (status != STATUS_OK)
        return status;
    reader->is_own = str_equal(place.href, call->place.href);
    return look_at(call, &place, &reader->subject);
}

/* --- Reading -------------------------------------------------------------- */

/* False for what is no condition. */
static bool read_condition(struct reader *reader, bool *holds_out)
{
    bool wanted = !take(reader, "Not");
    const struct subject *subject = &reader->subject;
    const char *url = take_url(reader);

    if (url != NULL) {
        *holds_out = str_equal(url, subject->token) == wanted;
        return true;
    }
    bool weak;
    const char *tag = take(reader, "[") ? dav_tag_take(reader->call->op->arena,
                                                       &reader->at, &weak)
                                        : NULL;
    if (tag == NULL || !take(reader, "]"))
        return false;
    reader->asked_of_tag = true;
    *holds_out = (!weak && str_equal(tag, subject->tag)) == wanted;
    return true;
}

/* False for what is no list. */
static bool read_list(struct reader *reader, bool *holds_out)
{
    *holds_out = true;
    reader->asked_of_tag = false;
    if (!take(reader, "("))
        return false;
    do {
        bool holds;

        if (!read_condition(reader, &holds))
            return false;
        *holds_out = *holds_out && holds;
    } while (!take(reader, ")"));
    return true;
}

/* All of it is read, even after one list that holds: it may be none later. */
static enum status read_all(struct reader *reader, bool *is_good_out,
                            bool *holds_out)
{
    struct dav_call *call = reader->call;
    bool has_urls = take(reader, "<");

    reader->at -= has_urls;
    reader->is_own = true;
    *holds_out = false;
    *is_good_out = *reader->at != '\0';
    enum status status =
        has_urls ? STATUS_OK : look_at(call, &call->place, &reader->subject);
    while (status == STATUS_OK && *is_good_out && *reader->at != '\0') {
        const char *url = has_urls ? take_url(reader) : NULL;
        bool holds = false;

        if (url != NULL)
            status = look_at_url(reader, url);
        if (status == STATUS_OK)
            *is_good_out = read_list(reader, &holds);
        if (holds && reader->is_own && reader->asked_of_tag)
            call->if_revision = reader->subject.revision;
        *holds_out = *holds_out || holds;
        skip_blanks(reader);
    }
    return status;
}

bool dav_check_if(struct dav_call *call)
{
    const char *text = dav_header(call, "If");
    struct reader reader = { .call = call, .at = text };
    bool is_good, holds;

    if (text == NULL)
        return true;
    enum status status = read_all(&reader, &is_good, &holds);
    if (status != STATUS_OK)
        dav_reply_status(call->reply, status);
    else if (!is_good)
        dav_refuse(call, 400, NULL, "If is no list of conditions");
    else if (!holds)
        dav_refuse(call, 412, NULL, NULL);
    return status == STATUS_OK && is_good && holds;
}

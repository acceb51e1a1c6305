/*
 * report_card_query.c - addressbook-query: cards that fit a filter (RFC 6352,
 * 8.6), also of the directory
 *
 * A client's limit (A:nresults) is kept, and one that is cut short is told so.
 * The directory is asked for the texts of the filter, as far as it can look for
 * them; those it finds are looked at for all of it.
 */
#include <string.h>

#include "caldav/card_filter.h"
#include "caldav/card_people.h"
#include "caldav/directory.h"
#include "caldav/listing.h"
#include "caldav/report.h"
#include "caldav/shape.h"
#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/exchange/directory.h"

struct query {
    struct dav_call *call;
    struct dav_multistatus out;
    struct dav_ask ask;
    struct dav_shape shape;
    struct vcard_filter filter;
    uint64_t left;         /* how many more may be told */
    bool cut;              /* there would have been more */
    struct arena *scratch; /* for one text */
    struct dav_resource folder;
    const char *const *names;
};

/* False once there have been enough. */
static bool count_down(struct query *query)
{
    query->cut = query->left == 0;
    query->left -= !query->cut;
    return !query->cut;
}

static bool put_fitting(void *context, size_t index, enum status status,
                        const struct object *object, const char *text,
                        size_t len)
{
    struct query *query = context;
    struct arena *arena = query->call->op->arena;

    /* One that has gone fits nothing; of one that cannot be read nobody knows.
     */
    if (status == STATUS_NOT_FOUND)
        return true;
    if (status != STATUS_OK)
        return dav_response_status(
            &query->out,
            dav_place_object(arena, &query->folder.place, query->names[index])
                .href,
            dav_words(status)->code, NULL);
    arena_reset(query->scratch);
    if (!vcard_matches(query->scratch, text, len, &query->filter))
        return true;
    if (!count_down(query))
        return false;
    struct dav_resource member = dav_resource_member(&query->folder, object);
    member.text = dav_shaped(query->call, &query->shape, object,
                             member.place.href, text, len);
    return dav_response_props(&query->out, &member, &query->ask);
}

static enum status answer_folder(struct query *query,
                                 const struct dav_place *place)
{
    struct dav_call *call = query->call;
    const struct object_marks *marks;
    struct object *objects = NULL;
    size_t count = 0;

    query->folder = (struct dav_resource){ .call = call, .place = *place };
    enum status status = dav_resource_marks(&query->folder, &marks);
    if (status == STATUS_OK)
        status = objects_list(call->op, call->account, place->folder->id,
                              &objects, &count);
    if (status != STATUS_OK)
        return status;
    const char **names = arena_array(call->op->arena, count + 1, sizeof *names);
    for (size_t i = 0; i < count; i++)
        names[i] = objects[i].name;
    query->names = names;
    status = objects_read(call->op, call->account, place->folder->id, names,
                          count, query->shape.version, put_fitting, query);
    return query->cut ? STATUS_OK : status;
}

static enum status answer_home(struct query *query)
{
    struct dav_call *call = query->call;
    struct dav_place *places =
        arena_array(call->op->arena, call->tree.count + 1, sizeof *places);
    size_t count = dav_place_children(&call->tree, &call->place, places);
    enum status status = STATUS_OK;

    for (size_t i = 0; i < count && status == STATUS_OK && !query->cut; i++)
        if (places[i].kind == DAV_CONTACTS)
            status = answer_folder(query, &places[i]);
    return status;
}

/* A single card (RFC 6352, 8.6).  Another kind of object fits nothing. */
static enum status answer_object(struct query *query)
{
    struct dav_call *call = query->call;
    struct dav_place folder =
        dav_place_of(&call->tree, call->place.folder, call->place.owner);
    struct object object;
    enum status status = dav_object_find(call, &call->place, &object);

    if (status == STATUS_OK && object.name == NULL)
        status = STATUS_NOT_FOUND;
    if (status != STATUS_OK || object.kind != OBJECT_CONTACT)
        return status;
    query->folder = (struct dav_resource){ .call = call, .place = folder };
    query->names = &call->place.name;
    return objects_read(call->op, call->account, call->place.folder->id,
                        &call->place.name, 1, query->shape.version, put_fitting,
                        query);
}

/* --- The directory -------------------------------------------------------- */

static bool put_person(void *context, const struct person *person)
{
    struct query *query = context;
    struct dav_resource member;

    if (!dav_directory_member(query->call, &person->contact,
                              query->shape.version, &member) ||
        !vcard_matches(query->call->op->arena, member.text, member.len,
                       &query->filter))
        return true;
    return count_down(query) &&
           dav_response_props(&query->out, &member, &query->ask);
}

static enum status answer_directory(struct query *query)
{
    struct dav_call *call = query->call;
    bool complete;
    enum status status = card_people(call->op, call->account, &query->filter,
                                     put_person, query, &complete);

    query->cut = query->cut || !complete;
    return status;
}

static enum status answer_place(struct query *query)
{
    switch (query->call->place.kind) {
    case DAV_HOME:
        return answer_home(query);
    case DAV_DIRECTORY:
        return answer_directory(query);
    case DAV_OBJECT:
        return answer_object(query);
    default:
        return answer_folder(query, &query->call->place);
    }
}

enum status dav_report_card_query(struct dav_call *call,
                                  const struct dav_node *root)
{
    struct arena *arena = call->op->arena;
    const struct dav_node *prop = dav_child(root, "D:prop");
    const char *limit =
        dav_text(arena, dav_child(dav_child(root, "A:limit"), "A:nresults"));
    struct query query = { .call = call, .left = UINT64_MAX };

    query.ask.kind = prop == NULL ? DAV_ASK_ALL : DAV_ASK_SOME;
    dav_ask_read(arena, prop, &query.ask);
    if (!dav_shape_read(call, prop, &query.shape) ||
        !dav_card_filter_read(call, dav_child(root, "A:filter"), &query.filter))
        return STATUS_OK;
    if (*limit != '\0' && !str_to_u64(limit, UINT32_MAX, &query.left))
        return dav_refuse(call, 400, NULL, "The limit is no number");
    dav_multistatus_init(&query.out, call);
    query.scratch = arena_new();
    enum status status = answer_place(&query);
    arena_free(&query.scratch);
    if (status != STATUS_OK)
        return status;
    /* RFC 6352, 8.6.2. */
    if (query.cut)
        dav_response_status(&query.out, call->place.href, 507,
                            "D:number-of-matches-within-limits");
    return dav_multistatus_end(&query.out, NULL);
}

/*
 * report_multiget.c - objects by their hrefs (RFC 4791, 7.9; RFC 6352, 8.7)
 *
 * What is asked for of one folder is found and read together.  Hrefs of several
 * folders may be mixed, if the report goes to the home.
 */
#include <string.h>

#include "caldav/href.h"
#include "caldav/listing.h"
#include "caldav/report.h"
#include "caldav/shape.h"
#include "config/settings.h"
#include "proxy/base/arena.h"
#include "proxy/base/str.h"

/* One href, as the client wrote it. */
struct wanted {
    const char *href;
    struct dav_place place;
    bool done;
};

struct multiget {
    struct dav_call *call;
    struct dav_multistatus out;
    struct dav_ask ask;
    struct dav_shape shape;
    struct wanted *list;
    size_t count;

    /* Of the folder at hand: */
    struct dav_resource folder;
    const char **names;
    struct wanted **asked; /* beside the names */
};

/* Mostly it is the same folder as of the one before, and only the last segment
 * is another. */
static bool is_beside(struct arena *arena, const struct wanted *before,
                      struct wanted *wanted)
{
    const char *slash = strrchr(wanted->href, '/');
    size_t front = slash != NULL ? (size_t)(slash + 1 - wanted->href) : 0;
    size_t count;
    bool ends_so;

    if (before->place.kind != DAV_OBJECT || front == 0 ||
        strncmp(before->href, wanted->href, front) != 0 ||
        strpbrk(before->href + front, "/?#") != NULL)
        return false;
    char **segments = dav_href_split(arena, slash, &count, &ends_so);
    if (segments == NULL || count != 1 || ends_so)
        return false;
    wanted->place = before->place;
    wanted->place.name = segments[0];
    return true;
}

static enum status find_place(struct multiget *multiget, struct wanted *wanted)
{
    struct dav_call *call = multiget->call;

    if (wanted > multiget->list &&
        is_beside(call->op->arena, wanted - 1, wanted))
        return STATUS_OK;
    return dav_place_look(&call->tree, wanted->href, &wanted->place);
}

static size_t count_hrefs(const struct dav_node *root)
{
    size_t count = 0;

    for (const struct dav_node *href = dav_child(root, "D:href"); href != NULL;
         href = dav_sibling(href, "D:href"))
        count++;
    return count;
}

static enum status read_hrefs(struct multiget *multiget,
                              const struct dav_node *root, size_t count)
{
    struct arena *arena = multiget->call->op->arena;
    enum status status = STATUS_OK;

    multiget->list = arena_array(arena, count + 1, sizeof *multiget->list);
    for (const struct dav_node *href = dav_child(root, "D:href");
         status == STATUS_OK && href != NULL;
         href = dav_sibling(href, "D:href")) {
        struct wanted *wanted = &multiget->list[multiget->count];

        wanted->href = dav_text(arena, href);
        status = find_place(multiget, wanted);
        if (status == STATUS_NO_FOLDER || status == STATUS_DENIED) {
            wanted->place.kind = DAV_NOWHERE;
            status = STATUS_OK;
        }
        multiget->count++;
    }
    return status;
}

/* --- Answers -------------------------------------------------------------- */

static bool put(struct multiget *multiget, size_t nth,
                const struct object *object, const char *text)
{
    struct dav_resource member = dav_resource_member(&multiget->folder, object);

    /* The client knows it by the href that it has sent. */
    member.place.href = multiget->asked[nth]->href;
    member.text = text;
    return dav_response_props(&multiget->out, &member, &multiget->ask);
}

static const char *object_href(const struct multiget *multiget,
                               const struct object *object)
{
    return dav_resource_member(&multiget->folder, object).place.href;
}

static bool put_read(void *context, size_t index, enum status status,
                     const struct object *object, const char *text, size_t len)
{
    struct multiget *multiget = context;
    struct dav_call *call = multiget->call;
    const char *href = multiget->asked[index]->href;

    if (status != STATUS_OK)
        return dav_response_status(&multiget->out, href,
                                   dav_words(status)->code, NULL);
    text = dav_shaped(call, &multiget->shape, object,
                      object_href(multiget, object), text, len);
    return text != NULL ? put(multiget, index, object, text)
                        : dav_response_status(&multiget->out, href, 507,
                                              "C:max-instances");
}

/* Those that are there move to the front; the others are told of. */
static size_t keep_found(struct multiget *multiget, size_t count,
                         struct object objects[])
{
    size_t kept = 0;

    for (size_t i = 0; i < count; i++) {
        if (objects[i].name == NULL) {
            dav_response_status(&multiget->out, multiget->asked[i]->href, 404,
                                NULL);
            continue;
        }
        objects[kept] = objects[i];
        multiget->names[kept] = multiget->names[i];
        multiget->asked[kept++] = multiget->asked[i];
    }
    return kept;
}

/* The objects of a folder as they are known by now. */
static enum status find_objects(struct multiget *multiget, size_t count,
                                struct object objects[])
{
    struct dav_call *call = multiget->call;

    return objects_find(call->op, call->account,
                        multiget->folder.place.folder->id, multiget->names,
                        count, objects);
}

/* Texts that nobody has read yet Exchange tells as they are at that moment:
 * there is no need to ask before what is new.  A first synchronisation is many
 * such reports. */
static bool are_unread(struct multiget *multiget, size_t count,
                       struct object objects[])
{
    struct dav_call *call = multiget->call;
    struct dav_resource *folder = &multiget->folder;

    if (!multiget->shape.wanted ||
        (DAV_KIND(folder->place.kind) & DAV_FOLDERS) == 0 ||
        objects_marks(call->op, call->account, folder->place.folder->id,
                      &folder->marks) != STATUS_OK ||
        folder->marks.validity == 0 ||
        find_objects(multiget, count, objects) != STATUS_OK)
        return false;
    for (size_t i = 0; i < count; i++)
        if (objects[i].name == NULL || objects[i].known)
            return false;
    return true;
}

/* The same after a look at what is new. */
static enum status look_for_objects(struct multiget *multiget, size_t count,
                                    struct object objects[])
{
    struct dav_call *call = multiget->call;
    const struct object_marks *marks;
    enum status status = dav_resource_marks(&multiget->folder, &marks);

    if (status == STATUS_OK && !multiget->shape.wanted &&
        dav_asks_for(&multiget->ask, "C:schedule-tag"))
        status = objects_know(call->op, call->account,
                              multiget->folder.place.folder->id,
                              multiget->names, count);
    return status == STATUS_OK ? find_objects(multiget, count, objects)
                               : status;
}

/* All hrefs of one folder. */
static enum status answer_folder(struct multiget *multiget, size_t count)
{
    struct dav_call *call = multiget->call;
    int64_t id = multiget->folder.place.folder->id;
    struct object *objects =
        arena_array(call->op->arena, count + 1, sizeof *objects);

    multiget->folder.has_marks = are_unread(multiget, count, objects);
    if (!multiget->folder.has_marks) {
        enum status status = look_for_objects(multiget, count, objects);
        if (status != STATUS_OK)
            return status;
    }
    count = keep_found(multiget, count, objects);
    if (multiget->shape.wanted)
        return objects_read(call->op, call->account, id, multiget->names, count,
                            multiget->shape.version, put_read, multiget);
    for (size_t i = 0; i < count; i++)
        if (!put(multiget, i, &objects[i], NULL))
            break;
    return STATUS_OK;
}

static void put_person(struct multiget *multiget, const struct wanted *wanted)
{
    struct dav_resource person;
    enum status status =
        dav_resource_find(multiget->call, &wanted->place, &person);

    person.place.href = wanted->href;
    if (status == STATUS_OK)
        dav_response_props(&multiget->out, &person, &multiget->ask);
    else
        dav_response_status(&multiget->out, wanted->href,
                            dav_words(status)->code, NULL);
}

/* Whether it is one of an object that the report is about. */
static bool is_fit(const struct multiget *multiget, const struct wanted *wanted)
{
    const struct dav_place *place = &wanted->place;
    const struct dav_place *target = &multiget->call->place;
    bool in_folder = (DAV_KIND(target->kind) & DAV_FOLDERS) != 0 ||
                     (target->kind == DAV_INBOX && target->folder != NULL);

    return place->kind == DAV_OBJECT && !place->slash &&
           (!in_folder || place->folder->id == target->folder->id);
}

/* The folder of the next href that has not been answered, and all others of
 * it. */
static size_t gather(struct multiget *multiget, size_t from)
{
    const struct dav_place *first = &multiget->list[from].place;
    size_t count = 0;

    multiget->folder = (struct dav_resource){
        .call = multiget->call,
        .place =
            dav_place_of(&multiget->call->tree, first->folder, first->owner),
    };
    for (size_t i = from; i < multiget->count; i++) {
        struct wanted *wanted = &multiget->list[i];

        if (wanted->place.kind != DAV_OBJECT || wanted->done ||
            wanted->place.folder->id != multiget->folder.place.folder->id)
            continue;
        wanted->done = true;
        multiget->names[count] = wanted->place.name;
        multiget->asked[count++] = wanted;
    }
    return count;
}

static enum status answer_all(struct multiget *multiget)
{
    enum status status = STATUS_OK;

    for (size_t i = 0; i < multiget->count && status == STATUS_OK; i++) {
        struct wanted *wanted = &multiget->list[i];

        if (wanted->place.kind == DAV_PERSON) {
            put_person(multiget, wanted);
        } else if (wanted->place.kind != DAV_OBJECT) {
            dav_response_status(&multiget->out, wanted->href, 404, NULL);
        } else if (!wanted->done) {
            status = answer_folder(multiget, gather(multiget, i));
        }
    }
    return status;
}

static enum status run(struct dav_call *call, const struct dav_node *root)
{
    struct multiget multiget = { .call = call };
    const struct dav_node *prop = dav_child(root, "D:prop");
    struct arena *arena = call->op->arena;

    multiget.ask.kind =
        dav_child(root, "D:allprop") != NULL ? DAV_ASK_ALL : DAV_ASK_SOME;
    dav_ask_read(arena, prop, &multiget.ask);
    if (!dav_shape_read(call, prop, &multiget.shape))
        return STATUS_OK;

    size_t count = count_hrefs(root);
    if (count > call->settings->href_limit)
        return dav_refuse(call, 507, "D:number-of-matches-within-limits", NULL);
    enum status status = read_hrefs(&multiget, root, count);
    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; i < multiget.count; i++)
        if (multiget.list[i].place.kind != DAV_PERSON &&
            !is_fit(&multiget, &multiget.list[i]))
            multiget.list[i].place.kind = DAV_NOWHERE;
    multiget.names =
        arena_array(arena, multiget.count + 1, sizeof *multiget.names);
    multiget.asked =
        arena_array(arena, multiget.count + 1, sizeof *multiget.asked);

    dav_multistatus_init(&multiget.out, call);
    status = answer_all(&multiget);
    return status == STATUS_OK ? dav_multistatus_end(&multiget.out, NULL)
                               : status;
}

enum status dav_report_calendar_multiget(struct dav_call *call,
                                         const struct dav_node *root)
{
    return run(call, root);
}

enum status dav_report_card_multiget(struct dav_call *call,
                                     const struct dav_node *root)
{
    return run(call, root);
}

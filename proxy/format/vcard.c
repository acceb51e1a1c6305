/*
 * vcard.c - vCards to and from a contact
 *
 * Each line of a card is given to the first field that it fits and that has no
 * line yet; what is left over is the client's own.  Writing goes the same way
 * over the kept card: a line whose field still has the value that the line
 * gives it stays as it is, one whose field has another gets that, one whose
 * field is empty goes, and fields without a line get new ones.
 */
#include "proxy/format/vcard.h"

#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/base64.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"
#include "proxy/format/card_fields.h"

#define MAILTO "mailto:"
#define MEMBERS_MAX 2000
#define KEEP_MAX ((size_t)128 * 1024)

/* What lines are besides those of fields. */
enum { LINE_OWN = -1, LINE_SPECIAL = -2 };

/* A card and what it says. */
struct reading {
    struct card card;
    int *which; /* of each line: its field, or one of the above */
    struct contact contact;
    enum vcard_version version;
};

/* --- Fields -------------------------------------------------------------- */

static bool is_same_slot(const struct card_field *a, const struct card_field *b)
{
    return a->shape == b->shape && a->slot == b->slot;
}

static bool is_taken(const struct reading *reading, size_t field)
{
    for (size_t i = 0; i < reading->card.count; i++)
        if (reading->which[i] >= 0 &&
            is_same_slot(&card_fields[reading->which[i]], &card_fields[field]))
            return true;
    return false;
}

static void assign_line(struct arena *arena, struct reading *reading, size_t at)
{
    const struct card_line *line = &reading->card.lines[at];

    for (size_t f = 0; f < card_field_count; f++)
        if (card_field_fits(&card_fields[f], line) && !is_taken(reading, f) &&
            (!reading->contact.group || card_field_is_of_groups(f)) &&
            card_fields[f].shape->take(arena, line->value, &reading->contact,
                                       &card_fields[f])) {
            reading->which[at] = (int)f;
            return;
        }
}

static bool is_preferred(const struct card_line *line)
{
    return card_has_type(line, "PREF") ||
           str_equal(card_param(line, "PREF"), "1");
}

/* --- Lines that are no fields
 * ------------------------------------------------- */

static const char *image_type(struct arena *arena, const char *type)
{
    if (type == NULL)
        return "image/jpeg";
    if (strchr(type, '/') != NULL)
        return type;
    return arena_printf(arena, "image/%s",
                        str_lower(arena_strdup(arena, type)));
}

/* What it is by how it begins; Evolution tells no type that one could use. */
static const char *seen_type(const char *photo, size_t len, const char *told)
{
    static const struct {
        const char *start;
        const char *type;
    } kinds[] = { { "\xff\xd8\xff", "image/jpeg" },
                  { "\x89PNG\r\n", "image/png" },
                  { "GIF8", "image/gif" } };

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (len >= strlen(kinds[i].start) &&
            memcmp(photo, kinds[i].start, strlen(kinds[i].start)) == 0)
            return kinds[i].type;
    return told;
}

/* A link to a photo is not fetched: it stays the client's own.  Thunderbird
 * escapes the comma of a data URI. */
static bool take_photo(struct arena *arena, const struct card_line *line,
                       struct contact *contact)
{
    const char *type = image_type(arena, card_param(line, "TYPE"));
    const char *data = line->value;

    if (str_starts_nocase(data, "data:")) {
        data = card_text(arena, data);
        const char *comma = strchr(data, ',');
        if (comma == NULL || strcasestr(data, ";base64,") == NULL)
            return false;
        type = arena_strndup(arena, data + 5, strcspn(data + 5, ";,"));
        data = comma + 1;
    } else if (strstr(data, "://") != NULL) {
        return false;
    }
    size_t len;
    char *photo = base64_decode(arena, data, strlen(data), &len);
    if (photo == NULL || len == 0)
        return false;
    contact->has_photo = true;
    contact->photo = photo;
    contact->photo_len = len;
    contact->photo_type = seen_type(photo, len, type);
    return true;
}

static bool take_kind(struct arena *arena, const struct card_line *line,
                      struct contact *contact)
{
    (void)arena;
    contact->group = str_equal_nocase(line->value, "group");
    return true;
}

/* Members that are other cards stay the client's own. */
static bool take_member(struct arena *arena, const struct card_line *line,
                        struct contact *contact)
{
    if (!str_starts_nocase(line->value, MAILTO) ||
        contact->member_count == MEMBERS_MAX)
        return false;
    if (contact->members == NULL)
        contact->members =
            arena_array(arena, MEMBERS_MAX, sizeof *contact->members);
    contact->members[contact->member_count++] = (struct contact_member){
        .address = card_text(arena, line->value + strlen(MAILTO)),
        .name = card_param(line, "X-CN"),
    };
    return true;
}

static bool take_uid(struct arena *arena, const struct card_line *line,
                     struct contact *contact)
{
    if (contact->uid == NULL || *contact->uid == '\0')
        contact->uid = card_text(arena, line->value);
    return true;
}

static bool take_nothing(struct arena *arena, const struct card_line *line,
                         struct contact *contact)
{
    (void)arena, (void)line, (void)contact;
    return true;
}

/* clang-format off */
static const struct {
    const char *name;
    bool (*take)(struct arena *arena, const struct card_line *line,
                 struct contact *contact);
} specials[] = {
    { "VERSION",                     take_nothing },
    { "REV",                         take_nothing },
    { "UID",                         take_uid },
    { "PHOTO",                       take_photo },
    { "KIND",                        take_kind },
    { "X-ADDRESSBOOKSERVER-KIND",    take_kind },
    { "MEMBER",                      take_member },
    { "X-ADDRESSBOOKSERVER-MEMBER",  take_member },
};
/* clang-format on */

static bool is_special(struct arena *arena, const struct card_line *line,
                       struct contact *contact)
{
    for (size_t i = 0; i < sizeof specials / sizeof *specials; i++)
        if (strcmp(line->name, specials[i].name) == 0)
            return specials[i].take(arena, line, contact);
    return false;
}

/* --- Reading ------------------------------------------------------------- */

static enum vcard_version version_of(const struct card *card)
{
    for (size_t i = 0; i < card->count; i++)
        if (strcmp(card->lines[i].name, "VERSION") == 0)
            return *card->lines[i].value == '4' ? VCARD_4 : VCARD_3;
    return VCARD_3;
}

static enum card_verdict read_card(struct arena *arena, const char *text,
                                   size_t len, struct reading *reading)
{
    *reading = (struct reading){ .contact = { .preferred_place = -1 } };
    enum card_verdict verdict = card_read(arena, text, len, &reading->card);

    if (verdict != CARD_FINE)
        return verdict;
    size_t count = reading->card.count;
    const struct card_line *lines = reading->card.lines;
    reading->version = version_of(&reading->card);
    reading->which = arena_array(arena, count + 1, sizeof *reading->which);
    for (size_t i = 0; i < count; i++)
        reading->which[i] = is_special(arena, &lines[i], &reading->contact)
                                ? LINE_SPECIAL
                                : LINE_OWN;
    /* The preferred address is the first one to Exchange. */
    for (int preferred = 1; preferred >= 0; preferred--)
        for (size_t i = 0; i < count; i++)
            if (reading->which[i] == LINE_OWN &&
                is_preferred(&lines[i]) == (preferred == 1))
                assign_line(arena, reading, i);
    for (size_t i = 0; i < count; i++)
        if (reading->which[i] >= 0 && strcmp(lines[i].name, "ADR") == 0 &&
            is_preferred(&lines[i]))
            reading->contact.preferred_place =
                card_fields[reading->which[i]].slot;
    return CARD_FINE;
}

static bool has(const char *text)
{
    return text != NULL && *text != '\0';
}

/* "Ann Example" of a card that has a name and no FN. */
static const char *composed_name(struct arena *arena,
                                 const struct contact *contact)
{
    const char *given = contact->text[CONTACT_GIVEN_NAME];
    const char *surname = contact->text[CONTACT_SURNAME];

    if (has(given) && has(surname))
        return arena_printf(arena, "%s %s", given, surname);
    return has(given)     ? given
           : has(surname) ? surname
                          : contact->text[CONTACT_COMPANY];
}

enum vcard_problem vcard_read(struct arena *arena, const char *text, size_t len,
                              struct contact *contact_out,
                              enum vcard_version *version_out,
                              const char **reason_out)
{
    /* clang-format off */
    static const struct {
        enum vcard_problem problem;
        const char *reason;
    } verdicts[] = {
        [CARD_FINE]     = { VCARD_FINE,   NULL },
        [CARD_BROKEN]   = { VCARD_SYNTAX, "This is not a vCard" },
        [CARD_SEVERAL]  = { VCARD_OBJECT, "There is more than one vCard" },
        [CARD_TOO_LONG] = { VCARD_LIMIT,  "The vCard has too many lines" },
    };
    /* clang-format on */
    struct reading reading;
    enum card_verdict verdict = read_card(arena, text, len, &reading);
    struct contact *contact = &reading.contact;

    *reason_out = verdicts[verdict].reason;
    if (verdict != CARD_FINE)
        return verdicts[verdict].problem;
    if (!has(contact->text[CONTACT_DISPLAY_NAME]))
        contact->text[CONTACT_DISPLAY_NAME] = composed_name(arena, contact);
    *contact_out = *contact;
    *version_out = reading.version;
    if (!has(contact->text[CONTACT_DISPLAY_NAME]))
        *reason_out = "The vCard has no name (FN)";
    else if (!has(contact->uid))
        *reason_out = "The vCard has no UID";
    return *reason_out == NULL ? VCARD_FINE : VCARD_OBJECT;
}

/* --- Writing ------------------------------------------------------------- */

struct writing {
    struct arena *arena;
    struct buf out;
    const struct contact *contact;
    enum vcard_version version;
    struct reading kept;
    const char **values; /* of each field; NULL: it has none */
    const char *dropped; /* the group of a line that went */
};

static void write_line(struct writing *writing, const char *name,
                       const char *param, const char *param_value,
                       const char *value)
{
    struct card_param one = { param, param_value };
    struct card_line line = { .name = name,
                              .params = &one,
                              .param_count = param != NULL ? 1 : 0,
                              .value = value };

    card_write(&writing->out, &line);
}

/* What is preferred is said by a parameter of its own from version 4 on. */
static struct card_line adapt(struct writing *writing,
                              const struct card_line *line)
{
    bool newer = writing->version == VCARD_4;
    struct card_line adapted = *line;
    struct card_param *params =
        arena_array(writing->arena, line->param_count + 1, sizeof *params);

    if (writing->kept.version == writing->version)
        return adapted;
    for (size_t i = 0; i < line->param_count; i++) {
        params[i] = line->params[i];
        if (newer && strcmp(params[i].name, "TYPE") == 0 &&
            str_equal_nocase(params[i].value, "PREF"))
            params[i] = (struct card_param){ "PREF", "1" };
        else if (!newer && strcmp(params[i].name, "PREF") == 0)
            params[i] = (struct card_param){ "TYPE", "PREF" };
    }
    adapted.params = params;
    return adapted;
}

/* A field's kept line, with the value it has now. */
static void write_kept_field(struct writing *writing,
                             const struct card_line *line, size_t f)
{
    const struct card_field *field = &card_fields[f];
    const char *now = writing->values[f];
    const char *before = field->shape->value(
        writing->arena, &writing->kept.contact, field, writing->version);
    const char *written = field->shape->value(
        writing->arena, &writing->kept.contact, field, writing->kept.version);
    struct card_line adapted = adapt(writing, line);
    bool renamed =
        writing->kept.version != writing->version && field->older != NULL;

    if (now == NULL) {
        writing->dropped = line->group;
        return;
    }
    if (renamed)
        adapted = card_field_line(writing->arena, field, now, writing->version);
    else if (!str_equal(now, before) || !str_equal(written, before))
        adapted.value = now;
    card_write(&writing->out, &adapted);
}

static void write_kept(struct writing *writing)
{
    const struct card *card = &writing->kept.card;

    for (size_t i = 0; i < card->count; i++) {
        int which = writing->kept.which[i];

        if (which >= 0) {
            write_kept_field(writing, &card->lines[i], (size_t)which);
        } else if (which == LINE_OWN && (writing->dropped == NULL ||
                                         !str_equal_nocase(card->lines[i].group,
                                                           writing->dropped))) {
            struct card_line line = adapt(writing, &card->lines[i]);
            card_write(&writing->out, &line);
        }
    }
}

/* Whether a line before has been given to the same slot. */
static bool is_alias(size_t f)
{
    for (size_t i = 0; i < f; i++)
        if (is_same_slot(&card_fields[i], &card_fields[f]))
            return true;
    return false;
}

/* Says of the address that mail goes to that it is that one. */
static void prefer(struct writing *writing, struct card_line *line)
{
    struct card_param *params =
        arena_array(writing->arena, line->param_count + 1, sizeof *params);

    for (size_t i = 0; i < line->param_count; i++)
        params[i] = line->params[i];
    params[line->param_count] = writing->version == VCARD_4
                                    ? (struct card_param){ "PREF", "1" }
                                    : (struct card_param){ "TYPE", "PREF" };
    line->params = params;
    line->param_count++;
}

static void write_new(struct writing *writing)
{
    for (size_t f = 0; f < card_field_count; f++) {
        if (writing->values[f] == NULL || is_alias(f) ||
            is_taken(&writing->kept, f))
            continue;
        struct card_line line =
            card_field_line(writing->arena, &card_fields[f], writing->values[f],
                            writing->version);
        if (strcmp(line.name, "ADR") == 0 &&
            card_fields[f].slot == writing->contact->preferred_place)
            prefer(writing, &line);
        card_write(&writing->out, &line);
    }
}

static void write_photo(struct writing *writing)
{
    const struct contact *contact = writing->contact;
    const char *type = image_type(writing->arena, contact->photo_type);

    if (contact->photo == NULL || contact->photo_len == 0)
        return;
    size_t size = (size_t)base64_encoded_size(contact->photo_len);
    char *text = arena_alloc(writing->arena, size + 1);
    base64_encode(contact->photo, contact->photo_len, text);
    if (writing->version == VCARD_4) {
        write_line(
            writing, "PHOTO", NULL, NULL,
            arena_printf(writing->arena, "data:%s;base64,%s", type, text));
        return;
    }
    const char *slash = strchr(type, '/');
    struct card_param params[] = {
        { "ENCODING", "b" },
        { "TYPE", slash != NULL ? slash + 1 : type },
    };
    struct card_line line = {
        .name = "PHOTO", .params = params, .param_count = 2, .value = text
    };
    card_write(&writing->out, &line);
}

/* Exchange calls a member without a name by his address. */
static bool is_named(const struct contact_member *member)
{
    return has(member->name) &&
           !str_equal_nocase(member->name, member->address);
}

static void write_group(struct writing *writing)
{
    const struct contact *contact = writing->contact;
    bool newer = writing->version == VCARD_4;
    const char *member = newer ? "MEMBER" : "X-ADDRESSBOOKSERVER-MEMBER";

    if (!contact->group)
        return;
    write_line(writing, newer ? "KIND" : "X-ADDRESSBOOKSERVER-KIND", NULL, NULL,
               "group");
    for (size_t i = 0; i < contact->member_count; i++) {
        const struct contact_member *one = &contact->members[i];

        if (has(one->address))
            write_line(writing, member, is_named(one) ? "X-CN" : NULL,
                       one->name,
                       arena_printf(writing->arena, MAILTO "%s", one->address));
    }
}

/* What only Exchange says: certificates, unless the client has some itself. */
static void write_certificates(struct writing *writing)
{
    const struct contact *contact = writing->contact;
    const struct card *card = &writing->kept.card;

    for (size_t i = 0; i < card->count; i++)
        if (strcmp(card->lines[i].name, "KEY") == 0)
            return;
    for (size_t i = 0;
         contact->certificates != NULL && contact->certificates[i] != NULL; i++)
        if (writing->version == VCARD_4)
            write_line(writing, "KEY", NULL, NULL,
                       arena_printf(writing->arena,
                                    "data:application/pkix-cert;base64,%s",
                                    contact->certificates[i]));
        else
            write_line(writing, "KEY", "ENCODING", "b",
                       contact->certificates[i]);
}

/* The name by which contacts are sorted where nobody has said another. */
static const char *usual_sorting(struct arena *arena,
                                 const struct contact *contact)
{
    const char *given = contact->text[CONTACT_GIVEN_NAME];
    const char *surname = contact->text[CONTACT_SURNAME];

    if (has(given) && has(surname))
        return arena_printf(arena, "%s, %s", surname, given);
    return has(given)     ? given
           : has(surname) ? surname
                          : contact->text[CONTACT_DISPLAY_NAME];
}

const char *vcard_write(struct arena *arena, const struct contact *contact,
                        const char *kept, enum vcard_version version)
{
    struct writing *writing = arena_alloc(arena, sizeof *writing);
    struct contact named = *contact;

    writing->arena = arena;
    writing->contact = &named;
    writing->version = version;
    writing->values =
        arena_array(arena, card_field_count, sizeof *writing->values);
    if (kept == NULL ||
        read_card(arena, kept, strlen(kept), &writing->kept) != CARD_FINE)
        writing->kept = (struct reading){ .version = version };
    if (!has(named.text[CONTACT_DISPLAY_NAME]))
        named.text[CONTACT_DISPLAY_NAME] = composed_name(arena, contact);
    if (!has(named.text[CONTACT_DISPLAY_NAME]))
        named.text[CONTACT_DISPLAY_NAME] = has(contact->email[0].address)
                                               ? contact->email[0].address
                                               : "(no name)";
    if (!has(writing->kept.contact.text[CONTACT_FILE_AS]) &&
        str_equal(named.text[CONTACT_FILE_AS], usual_sorting(arena, &named)))
        named.text[CONTACT_FILE_AS] = NULL;
    for (size_t f = 0; f < card_field_count; f++)
        writing->values[f] = card_fields[f].shape->value(
            arena, &named, &card_fields[f], version);
    buf_init(&writing->out, arena);
    buf_puts(&writing->out, "BEGIN:VCARD\r\n");
    write_line(writing, "VERSION", NULL, NULL,
               version == VCARD_4 ? "4.0" : "3.0");
    write_line(writing, "UID", NULL, NULL,
               has(contact->uid) ? card_escape(arena, contact->uid) : "");
    write_group(writing);
    write_kept(writing);
    write_new(writing);
    write_photo(writing);
    write_certificates(writing);
    buf_puts(&writing->out, "END:VCARD\r\n");
    return writing->out.data;
}

/* --- Keeping ------------------------------------------------------------- */

/* Whether a card made of the contact alone has this line. */
static bool is_made(const struct buf *line, const char *made)
{
    return strstr(made, line->data) != NULL;
}

const char *vcard_keep(struct arena *arena, const char *text, size_t len,
                       const struct contact *contact)
{
    struct reading reading;
    struct buf out, line;
    bool more = false;

    if (read_card(arena, text, len, &reading) != CARD_FINE)
        return NULL;
    const char *made = vcard_write(arena, contact, NULL, reading.version);
    buf_init(&out, arena);
    buf_init(&line, arena);
    buf_puts(&out, "BEGIN:VCARD\r\n");
    for (size_t i = 0; i < reading.card.count; i++) {
        if (strcmp(reading.card.lines[i].name, "PHOTO") == 0 &&
            reading.which[i] == LINE_SPECIAL)
            continue;
        buf_clear(&line);
        card_write(&line, &reading.card.lines[i]);
        more |= !is_made(&line, made);
        buf_append(&out, line.data, line.len);
    }
    buf_puts(&out, "END:VCARD\r\n");
    return more && out.len <= KEEP_MAX ? out.data : NULL;
}

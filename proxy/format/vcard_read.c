/*
 * vcard_read.c - a contact out of a vCard
 *
 * Each line of a card is given to the first field that it fits and that has no
 * line yet; what is left over is the client's own.
 */
#include "proxy/format/vcard_private.h"

#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/base64.h"
#include "proxy/base/str.h"

#define MEMBERS_MAX 2000

/* --- Fields --------------------------------------------------------------- */

bool vcard_is_same_slot(const struct card_field *a, const struct card_field *b)
{
    return a->shape == b->shape && a->slot == b->slot;
}

bool vcard_is_taken(const struct vcard_reading *reading, size_t field)
{
    for (size_t i = 0; i < reading->card.count; i++)
        if (reading->which[i] >= 0 &&
            vcard_is_same_slot(&card_fields[reading->which[i]],
                               &card_fields[field]))
            return true;
    return false;
}

static void assign_line(struct arena *arena, struct vcard_reading *reading,
                        size_t at)
{
    const struct card_line *line = &reading->card.lines[at];

    for (size_t f = 0; f < card_field_count; f++)
        if (card_field_fits(&card_fields[f], line) &&
            !vcard_is_taken(reading, f) &&
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

/* --- Lines that are no fields --------------------------------------------- */

const char *vcard_image_type(struct arena *arena, const char *type)
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
    const char *type = vcard_image_type(arena, card_param(line, "TYPE"));
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
    if (!str_starts_nocase(line->value, VCARD_MAILTO) ||
        contact->member_count == MEMBERS_MAX)
        return false;
    if (contact->members == NULL)
        contact->members =
            arena_array(arena, MEMBERS_MAX, sizeof *contact->members);
    contact->members[contact->member_count++] = (struct contact_member){
        .address = card_text(arena, line->value + strlen(VCARD_MAILTO)),
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

/* --- Cards ---------------------------------------------------------------- */

static enum vcard_version version_of(const struct card *card)
{
    for (size_t i = 0; i < card->count; i++)
        if (strcmp(card->lines[i].name, "VERSION") == 0)
            return *card->lines[i].value == '4' ? VCARD_4 : VCARD_3;
    return VCARD_3;
}

enum card_verdict vcard_understand(struct arena *arena, const char *text,
                                   size_t len, struct vcard_reading *reading)
{
    *reading = (struct vcard_reading){ .contact = { .preferred_place = -1 } };
    enum card_verdict verdict = card_read(arena, text, len, &reading->card);

    if (verdict != CARD_FINE)
        return verdict;
    size_t count = reading->card.count;
    const struct card_line *lines = reading->card.lines;
    reading->version = version_of(&reading->card);
    reading->which = arena_array(arena, count + 1, sizeof *reading->which);
    for (size_t i = 0; i < count; i++)
        reading->which[i] = is_special(arena, &lines[i], &reading->contact)
                                ? VCARD_LINE_SPECIAL
                                : VCARD_LINE_OWN;
    /* The preferred address is the first one to Exchange. */
    for (int preferred = 1; preferred >= 0; preferred--)
        for (size_t i = 0; i < count; i++)
            if (reading->which[i] == VCARD_LINE_OWN &&
                is_preferred(&lines[i]) == (preferred == 1))
                assign_line(arena, reading, i);
    for (size_t i = 0; i < count; i++)
        if (reading->which[i] >= 0 && strcmp(lines[i].name, "ADR") == 0 &&
            is_preferred(&lines[i]))
            reading->contact.preferred_place =
                card_fields[reading->which[i]].slot;
    return CARD_FINE;
}

const char *vcard_composed_name(struct arena *arena,
                                const struct contact *contact)
{
    const char *given = contact->text[CONTACT_GIVEN_NAME];
    const char *surname = contact->text[CONTACT_SURNAME];

    if (vcard_has(given) && vcard_has(surname))
        return arena_printf(arena, "%s %s", given, surname);
    return vcard_has(given)     ? given
           : vcard_has(surname) ? surname
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
    struct vcard_reading reading;
    enum card_verdict verdict = vcard_understand(arena, text, len, &reading);
    struct contact *contact = &reading.contact;

    *reason_out = verdicts[verdict].reason;
    if (verdict != CARD_FINE)
        return verdicts[verdict].problem;
    if (!vcard_has(contact->text[CONTACT_DISPLAY_NAME]))
        contact->text[CONTACT_DISPLAY_NAME] =
            vcard_composed_name(arena, contact);
    *contact_out = *contact;
    *version_out = reading.version;
    if (!vcard_has(contact->text[CONTACT_DISPLAY_NAME]))
        *reason_out = "The vCard has no name (FN)";
    else if (!vcard_has(contact->uid))
        *reason_out = "The vCard has no UID";
    return *reason_out == NULL ? VCARD_FINE : VCARD_OBJECT;
}

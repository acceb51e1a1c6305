/*
 * flags.c - see flags.h
 *
 * Exchange has one property for the last thing done to a message: where it is
 * both answered and forwarded, the newer of the two stands there, and both in a
 * property of ours (columns.c).
 */
#include "proxy/exchange/ews/flags.h"

#include <stdio.h>

#include "proxy/base/time.h"
#include "proxy/exchange/ews/columns.h"
#include "proxy/exchange/mail.h"

#define VERBS ((uint32_t)(MAIL_ANSWERED | MAIL_FORWARDED))

/* Verbs and icons of MS-OXOMSG, 2.2.1.1 and 2.2.1.2 */
#define VERB_REPLY "102"
#define VERB_FORWARD "104"
#define ICON_READ "256"
#define ICON_REPLIED "261"
#define ICON_FORWARDED "262"

typedef void setter(void *context, const struct property *property,
                    const char *value);

bool flags_differ(uint32_t old_flags, uint32_t flags)
{
    return ((old_flags ^ flags) & MAIL_ALL_FLAGS) != 0;
}

static void set_verb(uint32_t old_flags, uint32_t flags, setter *set,
                     void *context)
{
    char now[sizeof "-2147483648-01-01T00:00:00Z"];
    uint32_t verbs = flags & VERBS;
    uint32_t newer = verbs & ~old_flags;

    if (verbs == 0) {
        set(context, &property_last_verb, NULL);
        set(context, &property_last_verb_time, NULL);
        set(context, &property_icon, ICON_READ);
        return;
    }
    bool forwarded = verbs == MAIL_FORWARDED || newer == MAIL_FORWARDED;
    time_to_iso(time_now(), now);
    set(context, &property_last_verb, forwarded ? VERB_FORWARD : VERB_REPLY);
    set(context, &property_last_verb_time, now);
    set(context, &property_icon, forwarded ? ICON_FORWARDED : ICON_REPLIED);
}

/* Outlook shows a flag in its To-Do list by the other two. */
static void set_flag(uint32_t flags, setter *set, void *context)
{
    bool flagged = flags & MAIL_FLAGGED;

    set(context, &property_flag_status, flagged ? "2" : NULL);
    set(context, &property_todo, flagged ? "1" : NULL);
    set(context, &property_flag_request, flagged ? "Follow up" : NULL);
}

static void set_own(uint32_t old_flags, uint32_t flags, bool with_seen,
                    setter *set, void *context)
{
    uint32_t own = columns_own_flags(flags);
    uint32_t old_own = columns_own_flags(old_flags);
    char number[16];

    if (own == old_own && !with_seen)
        return;
    /* Of items that have a read mark of their own, ours is not looked at. */
    snprintf(number, sizeof number, "%u", own | (flags & MAIL_SEEN));
    set(context, &property_own_flags, own != 0 || with_seen ? number : NULL);
}

void flags_write_change(uint32_t old_flags, uint32_t flags, bool with_seen,
                        setter *set, void *context)
{
    uint32_t changed = old_flags ^ flags;

    if (changed & VERBS)
        set_verb(old_flags, flags, set, context);
    if (changed & MAIL_FLAGGED)
        set_flag(flags, set, context);
    if (changed & MAIL_DELETED)
        set(context, &property_deleted, flags & MAIL_DELETED ? "1" : NULL);
    set_own(old_flags, flags, with_seen, set, context);
}

void flags_write_categories(struct xml_writer *writer,
                            const char *const *categories)
{
    xml_open(writer, "t:Categories");
    for (; *categories != NULL; categories++)
        xml_element(writer, "t:String", *categories);
    xml_close(writer);
}

/*
 * cmd_enable.c - ENABLE: what a client asks to be told otherwise
 *
 * RFC 5161, 3.1:  ENABLE <capability> ...
 *
 * What is not in the table is passed over, as the RFC says: most capabilities
 * need not be enabled.
 */
#include "imap/command.h"

#include "proxy/base/str.h"

/* clang-format off */
static const struct {
    const char *name;
    unsigned extensions; /* of enum imap_extension */
} enablings[] = {
    { "CONDSTORE",   IMAP_CONDSTORE },
    { "QRESYNC",     IMAP_QRESYNC },
    { "UIDONLY",     IMAP_UIDONLY },
    { "UTF8=ACCEPT", IMAP_UTF8 },
    { "IMAP4rev2",   IMAP_REV2 },
};
/* clang-format on */

#define ENABLINGS (sizeof enablings / sizeof *enablings)

static unsigned find_extension(const char *name)
{
    for (size_t i = 0; i < ENABLINGS; i++)
        if (str_equal_nocase(enablings[i].name, name))
            return enablings[i].extensions;
    return 0;
}

struct imap_answer imap_cmd_enable(struct imap_command *command)
{
    struct imap_session *session = command->session;
    unsigned wanted = 0;

    do {
        const char *name = imap_args_space(&command->args)
                               ? imap_args_atom(&command->args)
                               : NULL;

        if (name == NULL)
            return imap_bad_args(command, "names of capabilities");
        wanted |= find_extension(name);
    } while (!imap_args_end(&command->args));

    imap_out_puts(&session->out, "* ENABLED");
    for (size_t i = 0; i < ENABLINGS; i++)
        if ((wanted & enablings[i].extensions) != 0)
            imap_out_printf(&session->out, " %s", enablings[i].name);
    imap_out_puts(&session->out, "\r\n");
    imap_session_enable(session, wanted);
    return imap_ok(command);
}

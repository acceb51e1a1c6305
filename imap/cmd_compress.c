/*
 * cmd_compress.c - COMPRESS: both sides compress what they say
 *
 * RFC 4978:  COMPRESS DEFLATE
 */
#include "imap/command.h"
#include "proxy/base/str.h"

struct imap_answer imap_cmd_compress(struct imap_command *command)
{
    struct imap_session *session = command->session;
    struct imap_args *args = &command->args;
    const char *algorithm = imap_args_space(args) ? imap_args_atom(args) : NULL;

    if (algorithm == NULL || !imap_args_end(args) ||
        !str_equal_nocase(algorithm, "DEFLATE"))
        return imap_bad_args(command, "DEFLATE");
    if (session->compressed)
        return (struct imap_answer){ IMAP_BAD, "COMPRESSIONACTIVE",
                                     "DEFLATE is on already" };
    session->start_compression = true;
    return imap_ok(command);
}

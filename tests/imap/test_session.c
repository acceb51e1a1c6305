/*
 * test_session.c - a conversation: states, logins, what is no command
 */
#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

#include "tests/imap/client.h"

static struct imap_world *world;
static struct imap_client *client;

static void begin(void)
{
    world = imap_world_new();
    client = imap_client_new(world);
}

static void end(void)
{
    imap_client_free(&client);
    imap_world_free(&world);
}

TestSuite(imap_session, .init = begin, .fini = end);

static void expect(const char *said, const char *answer)
{
    cr_expect_str_eq(imap_client_say(client, "%s", said), answer, "%s", said);
}

static void expect_start(const char *said, const char *answer)
{
    const char *heard = imap_client_say(client, "%s", said);

    cr_expect_eq(strncmp(heard, answer, strlen(answer)), 0, "%s: %s", said,
                 heard);
}

Test(imap_session, survives_what_is_no_command)
{
    expect("\n", "* BAD A command begins with a tag and a space\n");
    expect("a\n", "* BAD A command begins with a tag and a space\n");
    expect("+ NOOP\n", "* BAD A command begins with a tag and a space\n");
    expect("a \n", "a BAD There is no such command\n");
    expect("a DANCE\n", "a BAD There is no such command\n");
    expect("a UID\n", "a BAD There is no such command\n");
    expect("a UID NOOP\n", "a BAD There is no such command\n");
    expect("a  NOOP\n", "a BAD There is no such command\n");
    expect("a NOOP \n", "a BAD NOOP takes no arguments\n");
    expect("a SELECT INBOX\n", "a BAD Log in first\n");
    expect("a FETCH 1 FLAGS\n", "a BAD Log in first\n");
    expect("a noop\n", "a OK NOOP completed\n");
}

Test(imap_session, refuses_what_is_too_long)
{
    char *line = malloc(200001);

    memset(line, 'x', 200000);
    memcpy(line, "a ", 2);
    line[200000] = '\0';
    cr_expect_str_eq(imap_client_say(client, "%s\nb NOOP\n", line),
                     "a BAD The line is too long\nb OK NOOP completed\n");
    free(line);
    expect("a LOGIN {4294967295}\nb NOOP\n",
           "a BAD [TOOBIG] The literal is too big\nb OK NOOP completed\n");
    expect("a APPEND x {99999999999}\n",
           "a BAD [TOOBIG] The literal is too big\n");
    imap_client_say(client, "a LOGIN ann@example.com secret\n");
    expect("a APPEND INBOX {99999999999}\n",
           "a NO [TOOBIG] Exchange does not take messages of this size\n");
}

Test(imap_session, runs_ten_thousand_commands_in_a_row)
{
    char *text = malloc(10000 * 7 + 1);
    const char *heard;
    size_t count = 0;

    for (int i = 0; i < 10000; i++)
        memcpy(text + i * 7, "a NOOP\n", 8);
    heard = imap_client_say(client, "%s", text);
    for (const char *at = heard;
         (at = strstr(at, "a OK NOOP completed\n")) != NULL; at++)
        count++;
    cr_expect_eq(count, 10000);
    free(text);
}

Test(imap_session, logs_in_however_user_and_password_are_written)
{
    static const char *const ways[] = {
        "a LOGIN ann@example.com secret\n",
        "a login \"ann@example.com\" \"sec\\\\ret\"\n",
        "a LOGIN {15+}\nann@example.com {6+}\nsecret\n",
        "a LOGIN {15}\nann@example.com {6}\nsecret\n",
        "a AUTHENTICATE PLAIN AGFubkBleGFtcGxlLmNvbQBzZWNyZXQ=\n",
        "a AUTHENTICATE PLAIN\nAGFubkBleGFtcGxlLmNvbQBzZWNyZXQ=\n",
        "a AUTHENTICATE plain "
        "YW5uQGV4YW1wbGUuY29tAGFubkBleGFtcGxlLmNvbQBzZWNyZXQ=\n",
        "a AUTHENTICATE PLAIN "
        "QU5OQGV4YW1wbGUuY29tAGFubkBleGFtcGxlLmNvbQBzZWNyZXQ=\n",
        "a AUTHENTICATE LOGIN\nYW5uQGV4YW1wbGUuY29t\nc2VjcmV0\n",
        "a AUTHENTICATE LOGIN YW5uQGV4YW1wbGUuY29t\nc2VjcmV0\n",
    };

    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        struct imap_client *one = imap_client_new(world);
        const char *heard = imap_client_say(one, "%s", ways[i]);

        if (i == 1)
            cr_expect(strstr(heard, "a NO [AUTHENTICATIONFAILED] "), "%s: %s",
                      ways[i], heard);
        else
            cr_expect(strstr(heard, "a OK [CAPABILITY IMAP4rev1 "), "%s: %s",
                      ways[i], heard);
        imap_client_free(&one);
    }
}

Test(imap_session, refuses_bad_logins)
{
    expect("a LOGIN ann@example.com\n",
           "a BAD LOGIN takes a user name and a password\n");
    expect("a LOGIN ann@example.com wrong\n",
           "a NO [AUTHENTICATIONFAILED] Wrong user name or password\n");
    expect("a AUTHENTICATE\n",
           "a BAD AUTHENTICATE takes the name of a mechanism\n");
    expect("a AUTHENTICATE GSSAPI\n",
           "a NO [CANNOT] There is no such mechanism\n");
    expect("a AUTHENTICATE PLAIN\n*\n", "+ \na BAD Cancelled\n");
    expect("a AUTHENTICATE PLAIN\n!\n",
           "+ \na BAD The response is not what the mechanism wants\n");
    expect("a AUTHENTICATE PLAIN =\n",
           "a BAD The response is not what the mechanism wants\n");
    expect("a AUTHENTICATE PLAIN Ym9iAGFubkBleGFtcGxlLmNvbQBzZWNyZXQ=\n",
           "a NO [AUTHORIZATIONFAILED] A mailbox is called by its address\n");
    expect("a NOOP\n", "a OK NOOP completed\n");
}

Test(imap_session, keeps_passwords_off_links_that_others_can_read)
{
    imap_client_set_private(client, false);
    expect("a LOGIN ann@example.com secret\n",
           "a NO [PRIVACYREQUIRED] No password may travel here without TLS\n");
    expect("a AUTHENTICATE PLAIN AGFubkBleGFtcGxlLmNvbQBzZWNyZXQ=\n",
           "a NO [PRIVACYREQUIRED] No password may travel here without TLS\n");
    cr_expect(
        strstr(imap_client_say(client, "a CAPABILITY\n"), " LOGINDISABLED\n"));
    expect("a STARTTLS\n",
           "a BAD TLS is on already, or there is no certificate\n");
}

Test(imap_session, knows_its_states)
{
    expect_start("a LOGIN ann@example.com secret\n", "a OK [CAPABILITY ");
    expect("a LOGIN ann@example.com secret\n", "a BAD Logged in already\n");
    expect("a STORE 1 +FLAGS (\\Seen)\n", "a BAD Select a mailbox first\n");
    expect("a EXPUNGE\n", "a BAD Select a mailbox first\n");
    expect_start("a SELECT INBOX\n", "* FLAGS (");
    expect("a UNSELECT\n", "a OK UNSELECT completed\n");
    expect("a CLOSE\n", "a BAD Select a mailbox first\n");
    expect_start("a EXAMINE INBOX\n", "* FLAGS (");
    expect("a CLOSE\n", "a OK CLOSE completed\n");
    expect("a LOGOUT\n", "* BYE Good-bye\na OK LOGOUT completed\n");
    cr_expect(imap_client_is_closed(client));
}

Test(imap_session, answers_questions_about_the_server)
{
    expect_start("a CAPABILITY\n", "* CAPABILITY IMAP4rev1 IMAP4rev2 LITERAL+ ");
    expect_start("a ID NIL\n", "* ID (\"name\" \"Postern\" ");
    expect_start("a ID (\"name\" \"x\" \"version\" NIL)\n", "* ID (");
    expect_start("a ID ()\n", "* ID (");
    expect("a ID\n", "a BAD ID takes NIL or a list of names and values\n");
    expect("a ID (\"name\")\n",
           "a BAD ID takes NIL or a list of names and values\n");
    imap_client_say(client, "a LOGIN ann@example.com secret\n");
    expect("a NAMESPACE\n",
           "* NAMESPACE ((\"\" \"/\")) ((\"Shared/\" \"/\")) NIL\na OK NAMESPACE completed\n");
    expect("a ENABLE CONDSTORE X-OTHER\n",
           "* ENABLED CONDSTORE\na OK ENABLE completed\n");
    expect("a ENABLE X-OTHER\n", "* ENABLED\na OK ENABLE completed\n");
    expect("a ENABLE\n", "a BAD ENABLE takes names of capabilities\n");
}

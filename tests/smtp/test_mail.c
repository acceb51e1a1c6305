/*
 * test_mail.c - MAIL and RCPT
 */
#include <criterion/criterion.h>

#include "tests/smtp/player.h"

#define MAIL(args) "C: MAIL " args "\n"
#define RCPT(args) "C: RCPT " args "\n"
#define TAKEN "S: 250 2.1.0 *\nC: RSET\nS: 250 *\n"
#define FROM_ME MAIL("FROM:<" ME ">") "S: 250 2.1.0 *\n"
#define NOTED "S: 250 2.1.5 *\n"

/* clang-format off */
static const struct dialogue dialogues[] = {
    { "senders as the RFC has them", HELLO
      MAIL("FROM:<me@own.example>") TAKEN
      MAIL("from:<me@own.example>") TAKEN
      MAIL("FROM: <me@own.example>") TAKEN
      MAIL("FROM:<>") TAKEN
      MAIL("FROM:<\"me and \\\"you\\\"\"@own.example>") TAKEN
      MAIL("FROM:<me+tag=x@own.example>") TAKEN
      MAIL("FROM:<@relay.example,@other.example:me@own.example>") TAKEN
      MAIL("FROM:<me@[127.0.0.1]>") TAKEN
      MAIL("FROM:<me@[IPv6:::1]>") TAKEN, 0 },
    { "what is no sender", HELLO
      MAIL("FROM:me@own.example") "S: 553 5.1.7 *\n"
      MAIL("FROM:<me>") "S: 553 5.1.7 *\n"
      MAIL("FROM:<me@>") "S: 553 5.1.7 *\n"
      MAIL("FROM:<@own.example>") "S: 553 5.1.7 *\n"
      MAIL("FROM:<me@own..example>") "S: 553 5.1.7 *\n"
      MAIL("FROM:<.me@own.example>") "S: 553 5.1.7 *\n"
      MAIL("FROM:<me@own.example.>") "S: 553 5.1.7 *\n"
      MAIL("FROM:<me you@own.example>") "S: 553 5.1.7 *\n"
      MAIL("FROM:<me@own.example") "S: 553 5.1.7 *\n"
      MAIL("FROM:<\"me@own.example>") "S: 553 5.1.7 *\n"
      MAIL("FROM:<me@own.example>SIZE=1") "S: 553 5.1.7 *\n"
      MAIL("FROM:<me@<own.example>>") "S: 553 5.1.7 *\n"
      MAIL("TO:<me@own.example>") "S: 501 5.5.4 *\n"
      MAIL("") "S: 501 5.5.4 *\n"
      "C: MAIL\nS: 501 5.5.4 *\n", 0 },
    { "parameters of MAIL", HELLO
      MAIL("FROM:<" ME "> SIZE=1000 BODY=8BITMIME") TAKEN
      MAIL("FROM:<" ME "> body=7bit size=0") TAKEN
      MAIL("FROM:<" ME "> RET=HDRS ENVID=a+2Bb") TAKEN
      MAIL("FROM:<" ME "> RET=FULL") TAKEN
      MAIL("FROM:<" ME "> AUTH=<>") TAKEN
      MAIL("FROM:<" ME "> AUTH=me+40own.example") TAKEN
      MAIL("FROM:<" ME "> SMTPUTF8") TAKEN
      MAIL("FROM:<" ME ">  SIZE=5 ") TAKEN, 0 },
    { "parameters that have no such value", HELLO
      MAIL("FROM:<" ME "> SIZE") "S: 501 5.5.4 *\n"
      MAIL("FROM:<" ME "> SIZE=") "S: 501 5.5.4 *\n"
      MAIL("FROM:<" ME "> SIZE=1x") "S: 501 5.5.4 *\n"
      MAIL("FROM:<" ME "> SIZE=-1") "S: 501 5.5.4 *\n"
      MAIL("FROM:<" ME "> SIZE=99999999999999999999999") "S: 501 5.5.4 *\n"
      MAIL("FROM:<" ME "> SIZE=1 SIZE=1") "S: 501 5.5.4 *\n"
      MAIL("FROM:<" ME "> BODY=9BIT") "S: 501 5.5.4 *\n"
      MAIL("FROM:<" ME "> RET=ALL") "S: 501 5.5.4 *\n"
      MAIL("FROM:<" ME "> ENVID=a+b") "S: 501 5.5.4 *\n"
      MAIL("FROM:<" ME "> SMTPUTF8=yes") "S: 501 5.5.4 *\n"
      MAIL("FROM:<" ME "> =x") "S: 501 5.5.4 *\n"
      MAIL("FROM:<" ME "> AUTH=") "S: 501 5.5.4 *\n", 0 },
    { "parameters that nobody knows", HELLO
      MAIL("FROM:<" ME "> FUTURE=1") "S: 555 5.5.4 *\n"
      MAIL("FROM:<" ME "> NOTIFY=NEVER") "S: 555 5.5.4 *\n"
      FROM_ME RCPT("TO:<" ANN "> SIZE=1") "S: 555 5.5.4 *\n", 0 },
    { "a second MAIL is refused", HELLO FROM_ME
      MAIL("FROM:<" BOB ">") "S: 503 5.5.1 *\n" RCPT("TO:<" ANN ">") NOTED, 0 },
    { "MAIL before EHLO is refused after RSET as well",
      "C: RSET\nS: 250 *\n" MAIL("FROM:<" ME ">") "S: 530 *\n", 0 },
    { "RCPT before MAIL is refused", HELLO RCPT("TO:<" ANN ">") "S: 503 5.5.1 *\n", 0 },
    { "RSET and EHLO forget the message", HELLO
      FROM_ME "C: RSET\nS: 250 *\n" RCPT("TO:<" ANN ">") "S: 503 5.5.1 *\n"
      FROM_ME "C: EHLO again\nS. 250 *\n" RCPT("TO:<" ANN ">") "S: 503 5.5.1 *\n", 0 },
    { "RCPT with NOTIFY/ORCPT parameters", HELLO FROM_ME
      RCPT("TO:<" ANN "> NOTIFY=NEVER") NOTED
      RCPT("TO:<" ANN "> NOTIFY=SUCCESS,FAILURE,DELAY ORCPT=rfc822;ann+40own.example") NOTED
      RCPT("TO:<" ANN "> notify=failure") NOTED
      RCPT("TO:<" ANN "> ORCPT=utf-8;ann\\x{e4}@own.example") NOTED
      RCPT("TO:<" ANN "> NOTIFY=NEVER,SUCCESS") "S: 501 5.5.4 *\n"
      RCPT("TO:<" ANN "> NOTIFY=") "S: 501 5.5.4 *\n"
      RCPT("TO:<" ANN "> NOTIFY=SUCCESS,") "S: 501 5.5.4 *\n"
      RCPT("TO:<" ANN "> ORCPT=ann@own.example") "S: 501 5.5.4 *\n"
      RCPT("TO:<" ANN "> ORCPT=rfc822;") "S: 501 5.5.4 *\n"
      RCPT("TO:<" ANN "> ORCPT=rfc822;a=b") "S: 501 5.5.4 *\n", 0 },
    { "what is no recipient", HELLO FROM_ME
      RCPT("TO:<>") "S: 553 5.1.3 *\n"
      RCPT("TO:ann") "S: 553 5.1.3 *\n"
      RCPT("TO:<ann>") "S: 553 5.1.3 *\n"
      RCPT("TO:<ann@own.example, bob@own.example>") "S: 553 5.1.3 *\n"
      RCPT("<" ANN ">") "S: 501 5.5.4 *\n", 0 },
    { "the postmaster needs no domain", HELLO FROM_ME RCPT("TO:<Postmaster>") NOTED, 0 },
    { "letters beyond ASCII need SMTPUTF8", HELLO
      MAIL("FROM:<m\xc3\xa4x@own.example>") "S: 553 5.6.7 *\n"
      FROM_ME RCPT("TO:<m\xc3\xa4x@own.example>") "S: 553 5.6.7 *\n" "C: RSET\nS: 250 *\n"
      MAIL("FROM:<m\xc3\xa4x@b\xc3\xbc.example> SMTPUTF8") "S: 250 *\n"
      RCPT("TO:<m\xc3\xa4x@b\xc3\xbc.example>") NOTED
      RCPT("TO:<m\xe4x@own.example>") "S: 553 5.1.3 *\n", 0 },
};
/* clang-format on */

Test(smtp_mail, reads_the_envelope_to_the_letter)
{
    player_play_table(dialogues, sizeof dialogues / sizeof *dialogues);
}

Test(smtp_mail, refuses_a_size_beyond_the_limit_at_once)
{
    struct player player;

    player_start(&player);
    player_set(&player, "mail.message_limit", "10000");
    player_play(&player, "size",
                HELLO MAIL("FROM:<" ME "> SIZE=10001") "S: 552 5.3.4 *\n" MAIL(
                    "FROM:<" ME "> SIZE=10000") "S: 250 *\n");
    player_stop(&player);
}

Test(smtp_mail, takes_so_many_recipients_and_no_more)
{
    struct player player;

    player_start(&player);
    player_set(&player, "smtp.max_recipients", "100");
    player_play(&player, "begin", HELLO FROM_ME);
    for (int i = 0; i < 100; i++)
        player_play(&player, "some", RCPT("TO:<" ANN ">") NOTED);
    player_play(&player, "too many",
                RCPT("TO:<" BOB ">") "S: 452 4.5.3 *\nC: DATA\nS: 354 *\n");
    player_stop(&player);
}

/* One function per place where answers can be broken. */
#include "broken.h"

#include <stdlib.h>
#include <string.h>

#include "encode.h"
#include "etag.h"

enum {
    LARGE_BODY = 100 * 1024 * 1024,
    LARGE_HEADERS = 1024 * 1024,
    FIELD_SIZE = 1000,
    MS_PER_SECOND = 1000,
    RESET_SECONDS = 60
};

static size_t bytes_of(const struct mock_fault *fault, size_t otherwise)
{
    const int64_t bytes = mock_fault_number(fault, "bytes", (int64_t)otherwise);
    return bytes < 0 || bytes > MOCK_BODY_MAX ? otherwise : (size_t)bytes;
}

static void answer_status(const struct mock_fault *fault, struct mock_answer *answer)
{
    const int64_t status = mock_fault_number(fault, "status", 500);
    const char *body = mock_fault_text(fault, "body");
    const char *message = mock_fault_text(fault, "message");
    mock_answer_fail(answer, (unsigned)status, message ? message : "Server Error");
    if (!body)
        return;
    buffer_clear(&answer->body);
    buffer_put_text(&answer->body, body);
    if (body[0] == '<')
        answer->content_type = "text/html; charset=utf-8";
}

static void answer_secondary(const struct mock_fault *fault, struct mock_answer *answer)
{
    const int64_t after = mock_fault_number(fault, "retry_after", -1);
    mock_answer_fail(answer, (unsigned)mock_fault_number(fault, "status", 403),
                     "You have exceeded a secondary rate limit. Please wait a few minutes before "
                     "you try again.");
    if (after >= 0)
        mock_answer_put(answer, "Retry-After", "%lld", (long long)after);
}

static void answer_primary(const struct mock_fault *fault, struct mock_call *call,
                           struct mock_quota *quota)
{
    const int64_t seconds = mock_fault_number(fault, "reset_after", RESET_SECONDS);
    mock_answer_fail(call->answer, (unsigned)mock_fault_number(fault, "status", 403),
                     "API rate limit exceeded for user ID 583231.");
    quota->used = quota->limit;
    quota->reset_ms = mock_clock_now_ms(&call->mock->clock) + seconds * MS_PER_SECOND;
}

static void put_zeros(struct buffer *out, size_t size)
{
    char *zeros = calloc(1, size + 1);
    buffer_put(out, zeros, zeros ? size : 0);
    free(zeros);
}

static void answer_bomb(const struct mock_fault *fault, struct mock_answer *answer)
{
    struct buffer zeros;
    buffer_init(&zeros, MOCK_BODY_MAX);
    put_zeros(&zeros, bytes_of(fault, LARGE_BODY));
    if (mock_encode_gzip(buffer_slice(&zeros), &answer->body) == 0)
        answer->is_gzip = true;
    buffer_done(&zeros);
}

static void answer_big(const struct mock_fault *fault, struct mock_answer *answer)
{
    const size_t size = bytes_of(fault, LARGE_BODY);
    buffer_put_char(&answer->body, '"');
    put_zeros(&answer->body, size > 2 ? size - 2 : 0);
    if (answer->body.data)
        memset(answer->body.data + 1, 'x', answer->body.size - 1);
    buffer_put_char(&answer->body, '"');
}

bool mock_broken_answer(const struct mock_fault *fault, struct mock_call *call,
                        struct mock_quota *quota, bool *ret_limited)
{
    if (!fault)
        return false;
    switch (fault->kind) {
    case MOCK_FAULT_STATUS:
        answer_status(fault, call->answer);
        return true;
    case MOCK_FAULT_SECONDARY:
        answer_secondary(fault, call->answer);
        *ret_limited = true;
        return true;
    case MOCK_FAULT_PRIMARY:
        answer_primary(fault, call, quota);
        *ret_limited = true;
        return true;
    case MOCK_FAULT_GZIP_BOMB:
        answer_bomb(fault, call->answer);
        return true;
    case MOCK_FAULT_BIG_BODY:
        answer_big(fault, call->answer);
        return true;
    default:
        return false;
    }
}

void mock_broken_etag(const struct mock_fault *fault, struct slice body, char *etag)
{
    if (mock_fault_is(fault, MOCK_FAULT_MD5_ETAG))
        mock_etag_make_short(body, etag);
    else if (mock_fault_is(fault, MOCK_FAULT_BADETAG))
        etag[1] = etag[1] == '0' ? '1' : '0';
}

void mock_broken_fields(const struct mock_fault *fault, struct mock_answer *answer)
{
    const cJSON *field;
    if (!fault)
        return;
    cJSON_ArrayForEach(field, cJSON_GetObjectItemCaseSensitive(fault->json, "headers"))
    {
        mock_answer_drop(answer, field->string);
        if (cJSON_IsString(field))
            mock_answer_put(answer, field->string, "%s", field->valuestring);
    }
}

void mock_broken_body(const struct mock_fault *fault, struct mock_answer *answer)
{
    struct buffer *body = &answer->body;
    if (mock_fault_is(fault, MOCK_FAULT_CORRUPT) && body->size)
        body->data[body->size / 2] ^= 1;
    if (mock_fault_is(fault, MOCK_FAULT_BADJSON))
        body->size /= 2;
}

char *mock_broken_raw(const struct mock_fault *fault, size_t *ret_size)
{
    static const char body[] = "{\"message\":\"too many headers\"}";
    struct buffer out;
    char *raw = NULL;
    buffer_init(&out, MOCK_BODY_MAX);
    if (mock_fault_is(fault, MOCK_FAULT_RAW)) {
        buffer_put_text(&out, mock_fault_text(fault, "raw"));
    } else if (mock_fault_is(fault, MOCK_FAULT_HEADERS_LARGE)) {
        const size_t size = bytes_of(fault, LARGE_HEADERS);
        const size_t field = (size_t)mock_fault_number(fault, "field", FIELD_SIZE);
        buffer_put_format(&out, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n", sizeof body - 1);
        for (size_t i = 0; out.size < size && !out.error; i++)
            buffer_put_format(&out, "X-Filler-%zu: %0*d\r\n", i, (int)(field % INT32_MAX), 0);
        buffer_put_format(&out, "\r\n%s", body);
    } else {
        return NULL;
    }
    if (buffer_take(&out, &raw, ret_size) < 0)
        raw = NULL;
    buffer_done(&out);
    return raw;
}

#include "web/api/docs_page.hpp"

#include <fmt/format.h>

namespace wl::web {
namespace {

/// {0}: head, {1}: script or what to do without it.
constexpr const char* chinese = R"(<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>Wattline 接口文档</title>{0}</head><body>
<header><h1>Wattline 接口文档</h1>
<p>机器可读的描述:<a href="/api/openapi.json">/api/openapi.json</a>(OpenAPI 3.1,需登录)。
<code>wattline-web --print-openapi</code> 输出同样内容。</p>
<details open><summary>如何登录与调用</summary>
<ul>
<li><b>浏览器</b>:先在<a href="/">首页</a>登录,再打开本页;本页用您的会话取得描述,
“Try it out”会自动带上 <code>X-CSRF-Token</code>。写操作会真的执行。</li>
<li><b>curl</b>:<code>POST /auth/login</code>,请求体
<code>{{"username":"…","password":"…"}}</code>;保存返回的 Cookie,以后每个写操作都要带上返回的
<code>csrf_token</code>(请求头 <code>X-CSRF-Token</code>)。</li>
<li><b>脚本</b>:用令牌,请求头 <code>Authorization: Bearer wl_…</code>,不需要 Cookie 和 CSRF。
令牌在 <code>POST /api/tokens</code> 创建,只显示一次,有权限范围和有效期;
每个接口的说明写明所需的范围(scope)。</li>
<li><b>语言</b>:消息为中文;<code>Accept-Language: en</code> 时为英文。
<b>错误</b>:RFC 9457,<code>error</code> 供程序判断,<code>message</code> 说明原因和下一步。</li>
</ul></details>
<p id="sign-in" role="status" hidden>您尚未登录:请先在<a href="/">首页</a>登录,然后刷新本页。</p>
<p id="change-password" role="status" hidden>默认密码仍在使用:请先在<a href="/">首页</a>修改密码。</p>
<p id="unreachable" role="alert" hidden>服务器没有应答:请稍后刷新本页。</p>
</header><main id="calls" lang="en"></main>{1}</body></html>
)";

constexpr const char* english = R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Wattline API</title>{0}</head><body>
<header><h1>Wattline API</h1>
<p>For programs: <a href="/api/openapi.json">/api/openapi.json</a> (OpenAPI 3.1, to those who are
signed in). <code>wattline-web --print-openapi</code> prints the same.</p>
<details open><summary>How to sign in and call</summary>
<ul>
<li><b>Browser</b>: sign in on the <a href="/">first page</a>, then come back; this page fetches the
description with your session, and "Try it out" sends the <code>X-CSRF-Token</code> by itself.
Writes are really carried out.</li>
<li><b>curl</b>: <code>POST /auth/login</code> with
<code>{{"username":"…","password":"…"}}</code>; keep the cookie that it answers with, and send
its <code>csrf_token</code> in the header <code>X-CSRF-Token</code> with every write.</li>
<li><b>Scripts</b>: a token in <code>Authorization: Bearer wl_…</code>, without cookie and CSRF.
<code>POST /api/tokens</code> makes one; it is shown once, has scopes and expires. Every call below
names the scope that it needs.</li>
<li><b>Language</b>: messages are English by <code>Accept-Language: en</code>, else Chinese.
<b>Errors</b>: RFC 9457; <code>error</code> is for programs, <code>message</code> says cause and
next step.</li>
</ul></details>
<p id="sign-in" role="status" hidden>You are not signed in: do so on the <a href="/">first page</a>,
then reload this one.</p>
<p id="change-password" role="status" hidden>The default password still stands: change it on the
<a href="/">first page</a>.</p>
<p id="unreachable" role="alert" hidden>The server does not answer: reload this page
in a moment.</p>
</header><main id="calls"></main>{1}</body></html>
)";

constexpr const char* head = R"(
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="/icon.svg">
<link rel="stylesheet" href="/docs-ui/docs.css">)";

constexpr const char* script = R"(<script src="/docs-ui/docs.js" defer></script>)";

constexpr const char* not_built_zh =
    R"(<p>接口列表页面尚未构建:请在安装目录运行 <code>./start_system.sh</code>。)"
    R"(<a href="/api/openapi.json">/api/openapi.json</a> 不受影响。</p>)";
constexpr const char* not_built_en =
    R"(<p>The list of calls has not been built: run <code>./start_system.sh</code> in the )"
    R"(installation. <a href="/api/openapi.json">/api/openapi.json</a> works all the same.</p>)";

}  // namespace

std::string docs_page(Language language, bool built) {
  if (language == Language::en)
    return fmt::format(english, built ? head : "", built ? script : not_built_en);
  return fmt::format(chinese, built ? head : "", built ? script : not_built_zh);
}

}  // namespace wl::web

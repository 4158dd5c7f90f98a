// The page at /api/docs: shows /api/openapi.json with Swagger UI to those who are signed in. The
// page itself comes from the server; nothing here asks another host.

const BUNDLE = "/docs-ui/swagger-ui-bundle.js";
const STYLE = "/docs-ui/swagger-ui.css";

/** Says why there is nothing to see. */
function tell(id) {
  document.getElementById(id).hidden = false;
}

/** The bundle is 0.5 MB compressed: it is loaded for those who will see it. */
function loadBundle() {
  return new Promise((loaded, failed) => {
    const style = document.createElement("link");
    style.rel = "stylesheet";
    style.href = STYLE;
    const script = document.createElement("script");
    script.src = BUNDLE;
    script.onload = loaded;
    script.onerror = failed;
    document.head.append(style, script);
  });
}

function withToken(csrfToken) {
  return (request) => {
    // A token in "Authorize" stands for itself; the session's writes need this header.
    if (!request.headers.Authorization) request.headers["X-CSRF-Token"] = csrfToken;
    request.headers["Accept-Language"] = document.documentElement.lang;
    return request;
  };
}

async function show() {
  const answer = await fetch("/auth/check");
  if (answer.status === 401) return tell("sign-in");
  const check = await answer.json();
  if (check.password_change_required) return tell("change-password");
  await loadBundle();
  window.SwaggerUIBundle({
    url: "/api/openapi.json",
    dom_id: "#calls",
    deepLinking: true,
    docExpansion: "none",
    displayRequestDuration: true,
    validatorUrl: null, // The default sends the description to another host.
    requestInterceptor: withToken(check.csrf_token ?? ""),
    presets: [window.SwaggerUIBundle.presets.apis],
    layout: "BaseLayout",
  });
}

show().catch(() => tell("unreachable"));

"""What a Flask service of this kind does for /current: check the session, take the newest values,
write JSON. Run by gunicorn; peers.py starts it.

/current takes the values from memory, which a thread renews each second; /stored asks SQLite for
the newest row at each request, as services of this kind usually do.
"""

import functools
import os
import sqlite3
import threading
import time

from flask import Flask, g, jsonify, request, session

DATABASE = os.environ["BENCH_DATABASE"]
NAMES = {"conveyor": "上料传送带", "station1": "加工工位1"}
SESSION_SECONDS = 30 * 60
NEWEST = "SELECT timestamp, power_kw, energy_kwh, status, speed FROM energy_data " \
         "WHERE device_id = ? ORDER BY timestamp DESC LIMIT 1"

app = Flask(__name__)
app.secret_key = "of the benchmark"
app.json.ensure_ascii = False  # As ours writes it.
latest = {}


def database():
    if "database" not in g:
        g.database = sqlite3.connect(DATABASE)
    return g.database


@app.teardown_appcontext
def close_database(_):
    opened = g.pop("database", None)
    if opened is not None:
        opened.close()


def signed_in(view):
    @functools.wraps(view)
    def checked(**arguments):
        seen = session.get("last_seen", 0)
        if "user_id" not in session or time.time() - seen > SESSION_SECONDS:
            return jsonify(success=False, error="unauthorized", message="请先登录"), 401
        return view(**arguments)
    return checked


def body_of(device_id, row):
    timestamp, power, energy, status, speed = row
    return jsonify(success=True, device_id=device_id, data={
        "timestamp": timestamp, "device_id": device_id, "device_name": NAMES[device_id],
        "power_kw": round(power, 3), "energy_kwh": round(energy, 3), "status": status,
        "speed": round(speed, 3), "quality": "good", "stale": False})


def not_found():
    return jsonify(success=False, error="not_found", message="设备不存在"), 404


@app.post("/auth/login")
def login():
    asked = request.get_json()
    if asked.get("username") != "admin" or asked.get("password") != "admin123":
        return jsonify(success=False, error="invalid_credentials"), 401
    session["user_id"] = 1
    session["last_seen"] = time.time()
    return jsonify(success=True)


@app.get("/api/devices/<device_id>/current")
@signed_in
def current(device_id):
    row = latest.get(device_id)
    return body_of(device_id, row) if row else not_found()


@app.get("/api/devices/<device_id>/stored")
@signed_in
def stored(device_id):
    row = database().execute(NEWEST, (device_id,)).fetchone()
    return body_of(device_id, row) if row else not_found()


def renew():
    while True:
        with sqlite3.connect(DATABASE) as opened:
            for device_id in NAMES:
                latest[device_id] = opened.execute(NEWEST, (device_id,)).fetchone()
        time.sleep(1)


threading.Thread(target=renew, daemon=True).start()

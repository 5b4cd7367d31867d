"""The web app of one process, put together from its parts: webhooks, console, health, simulator."""

from __future__ import annotations

from flask import Flask

from bot import health, webhook
from bot.app import Homeline
from bot.console.blueprint import create_blueprint as create_console
from bot.console.blueprint import init_login
from bot.development import mount_simulator
from bot.settings import Settings


def build_web(settings: Settings, home: Homeline | None = None) -> Flask:
    """The web app: webhooks, console, health, and in development the simulator. Starts no threads."""
    home = home or Homeline(settings)
    model = None if settings.role == "web" else home.model_state  # a web process loads none
    app = Flask("bot", static_folder=None)
    app.config["SECRET_KEY"] = home.secret_key
    app.config["SESSION_COOKIE_SECURE"] = settings.public_base_url.startswith("https")
    app.config["SESSION_COOKIE_HTTPONLY"] = True
    app.config["SESSION_COOKIE_SAMESITE"] = "Lax"
    app.extensions["homeline"] = home
    app.register_blueprint(
        webhook.create_blueprint(
            webhook.WebhookServices(home.database, home.queue, home.clock, home.channels, home.settings.zone)
        )
    )
    trial = len(home.policy.trial_numbers)
    facts = health.HealthServices(home.database, home.clock, model, trial)
    app.register_blueprint(health.create_blueprint(facts))
    console = home.console_services
    init_login(app, console)
    app.register_blueprint(create_console(console))
    if settings.mode == "development":
        mount_simulator(app, settings, home.database, home.clock)
    return app
